"""The plan of an offboarding, read live from Graph. Reads only."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.domain.errors import NotFoundError
from bot.domain.groups import Group
from bot.domain.ids import ObjectId
from bot.domain.plans import Action, Leaver, Plan, PlannedStep, in_order
from bot.domain.privilege import guard_of
from bot.domain.tenants import Tenant
from bot.graph import authentication_methods, groups, service_principals, users
from bot.graph.authentication_methods import AuthenticationMethod
from bot.graph.client import GraphClient
from bot.graph.directory_roles import WHOLE_DIRECTORY, DirectoryRole, roles_of
from bot.graph.errors import (
    ObjectNotFoundError,
    PermissionMissingError,
    UnlicensedError,
)
from bot.graph.users import User
from bot.workflows import planned_steps
from bot.workflows.planned_steps import Standing

T = TypeVar("T")


@dataclass(frozen=True)
class Unread:
    """What could not be read for want of a permission; `why` is a clause."""

    why: str


@dataclass(frozen=True)
class Roles:
    """Administrator roles: the leaver's, and those with which this app may act."""

    leaver: list[DirectoryRole]
    own: list[DirectoryRole]


class LeaverNotFoundError(NotFoundError):
    """The chosen user is not in the tenant (any more)."""

    code = "leaver_not_found"

    def __init__(self) -> None:
        super().__init__(
            "The chosen user is not in this tenant (any more).",
            remedy="Go back and choose the leaver again.",
        )


async def read_plan(
    graph: GraphClient,
    tenant: Tenant,
    leaver_id: ObjectId,
    actions: Sequence[Action],
    *,
    at: datetime,
) -> Plan:
    """Read what the actions would change for a leaver, and what they cannot.

    What cannot be read for want of a permission makes a blocked step or a note; it
    never looks like "nothing to do".

    Raises:
        LeaverNotFoundError: no such user.
        GraphError, SignInError: Graph could not be read; there is no plan then.
    """
    # A consent given or revoked a moment ago is in no token issued before it.
    granted = await graph.granted(fresh=True)
    user, memberships, methods, roles = await asyncio.gather(
        _user(graph, leaver_id),
        _or_unread(groups.direct_groups(graph, leaver_id)),
        _methods(graph, leaver_id, actions),
        _or_unread(_roles(graph, tenant, leaver_id)),
    )
    standing = _standing(roles, memberships)
    leaver = _leaver(user, standing)
    steps = [
        *planned_steps.account_steps(actions, granted, standing),
        *_group_steps(actions, granted, memberships),
        *_method_steps(actions, granted, methods, standing),
    ]
    return Plan(
        tenant_id=tenant.tenant_id,
        leaver=leaver,
        actions=tuple(actions),
        steps=in_order(steps),
        read_at=at,
        notes=planned_steps.notes(
            leaver,
            actions,
            standing,
            _listed(memberships),
            not_shown=authentication_methods.sorts_not_shown(graph.hosts),
        ),
    )


async def _user(graph: GraphClient, leaver_id: ObjectId) -> User:
    try:
        return await users.get_user(graph, leaver_id)
    except ObjectNotFoundError as error:
        raise LeaverNotFoundError from error


async def _or_unread(reading: Awaitable[T]) -> T | Unread:
    """A reading, or why it may not be made. Anything passing is raised."""
    try:
        return await reading
    except PermissionMissingError as error:
        return Unread(
            f"the app lacks the permission {error.role}; grant it in Entra, then press "
            "Check again in /entra status"
        )
    except UnlicensedError as error:
        return Unread(f"it cannot be read: {error.message}")
    except ObjectNotFoundError as error:
        raise LeaverNotFoundError from error


async def _methods(
    graph: GraphClient, leaver_id: ObjectId, actions: Sequence[Action]
) -> list[AuthenticationMethod] | Unread:
    if Action.REMOVE_METHODS not in actions:
        return []
    return await _or_unread(authentication_methods.methods(graph, leaver_id))


async def _roles(graph: GraphClient, tenant: Tenant, leaver_id: ObjectId) -> Roles:
    leaver = await roles_of(graph, leaver_id)
    own = await service_principals.own_service_principal(graph, tenant.client_id)
    if own is None:
        return Roles(leaver, [])
    return Roles(leaver, await roles_of(graph, ObjectId(own.id)))


def _standing(roles: Roles | Unread, memberships: list[Group] | Unread) -> Standing:
    assignable = [each for each in _listed(memberships) if each.is_role_assignable]
    held = [] if isinstance(roles, Unread) else roles.leaver
    own = [] if isinstance(roles, Unread) else roles.own
    return Standing(
        guard=guard_of(
            [str(role.template_id) for role in held],
            in_role_assignable_group=bool(assignable),
        ),
        privileged_by=(
            *(role.name for role in held),
            *(f"role-assignable group {each.display_name}" for each in assignable),
        ),
        own_roles=tuple(
            str(role.template_id) for role in own if role.scope == WHOLE_DIRECTORY
        ),
        unread=roles.why if isinstance(roles, Unread) else "",
    )


def _listed(memberships: list[Group] | Unread) -> list[Group]:
    return [] if isinstance(memberships, Unread) else memberships


def _leaver(user: User, standing: Standing) -> Leaver:
    return Leaver(
        object_id=ObjectId(user.id),
        display_name=user.name,
        user_principal_name=user.user_principal_name,
        addresses=user.addresses,
        account_enabled=user.account_enabled is not False,
        is_synced=user.is_synced,
        is_guest=user.is_guest,
        privileged_by=standing.privileged_by,
    )


def _group_steps(
    actions: Sequence[Action],
    granted: frozenset[str],
    memberships: list[Group] | Unread,
) -> list[PlannedStep]:
    if Action.REMOVE_GROUPS not in actions:
        return []
    if isinstance(memberships, Unread):
        return [planned_steps.unread_action(Action.REMOVE_GROUPS, memberships.why)]
    return planned_steps.group_steps(memberships, granted)


def _method_steps(
    actions: Sequence[Action],
    granted: frozenset[str],
    methods: list[AuthenticationMethod] | Unread,
    standing: Standing,
) -> list[PlannedStep]:
    if Action.REMOVE_METHODS not in actions:
        return []
    if isinstance(methods, Unread):
        return [planned_steps.unread_action(Action.REMOVE_METHODS, methods.why)]
    return planned_steps.method_steps(methods, granted, standing)
