"""Group memberships of a user: read as they are, removed one by one."""

from uuid import UUID

from bot.domain.groups import Group, GroupKind, kind_of
from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.errors import ObjectNotFoundError, WriteRefusal, WriteRefusedError
from bot.graph.model import GraphModel
from bot.graph.requests import GraphRequest, Json

__all__ = ["Group", "GroupKind", "direct_groups", "is_member", "remove_member"]

_SELECT = (
    "id,displayName,groupTypes,mailEnabled,securityEnabled,membershipRule,"
    "isAssignableToRole,onPremisesSyncEnabled,mail,assignedLicenses"
)
# Graph lists direct memberships to these alone; GroupMember.Read.All is not among them.
# Source: Microsoft's permissions data for GET /users/{id}/memberOf.
_READS_MEMBER_OF = frozenset(
    {
        AppRole.DIRECTORY_READ_ALL.value,
        AppRole.DIRECTORY_READ_WRITE_ALL.value,
        "Group.ReadBasic.All",
        "GroupMember.ReadBasic.All",
    }
)


class _GroupAnswer(GraphModel):
    id: UUID
    display_name: str | None = None
    group_types: tuple[str, ...] | None = None
    mail_enabled: bool | None = None
    security_enabled: bool | None = None
    membership_rule: str | None = None
    is_assignable_to_role: bool | None = None
    on_premises_sync_enabled: bool | None = None
    mail: str | None = None
    assigned_licenses: tuple[Json, ...] | None = None

    def as_group(self) -> Group:
        return Group(
            id=ObjectId(self.id),
            display_name=self.display_name or f"(group {self.id})",
            kind=self._kind,
            mail=self.mail,
            is_role_assignable=bool(self.is_assignable_to_role),
            gives_licences=bool(self.assigned_licenses),
        )

    @property
    def _kind(self) -> GroupKind:
        return kind_of(
            group_types=self.group_types or (),
            mail_enabled=self.mail_enabled,
            security_enabled=self.security_enabled,
            membership_rule=self.membership_rule,
            is_synced=bool(self.on_premises_sync_enabled),
            is_role_assignable=bool(self.is_assignable_to_role),
        )


async def direct_groups(graph: GraphClient, user_id: ObjectId) -> list[Group]:
    """Read the groups that a user is a direct member of, by name.

    Where the token may not list direct memberships, all groups that the user is in
    are read, and each is asked whether the user is a member of it.

    Raises:
        ObjectNotFoundError: no such user.
        PermissionMissingError: the app may not read memberships.
        GraphError, SignInError: as every call; never a list that lacks some.
    """
    if _READS_MEMBER_OF & await graph.granted():
        groups = await _listed(graph, user_id, "memberOf")
    else:
        every = await _listed(graph, user_id, "transitiveMemberOf")
        groups = await _only_direct(graph, every, user_id)
    return sorted(groups, key=lambda group: (group.display_name.casefold(), group.id))


async def is_member(graph: GraphClient, group_id: ObjectId, user_id: ObjectId) -> bool:
    """Whether a user is a direct member of a group.

    The answer may lag some seconds to minutes behind a change. A group that is gone
    has no members.
    """
    [answer] = await graph.batch([_membership_request(group_id, user_id)])
    if isinstance(answer.error, ObjectNotFoundError):
        return False
    return bool(answer.value().get("value"))


async def remove_member(
    graph: GraphClient, group_id: ObjectId, user_id: ObjectId
) -> bool:
    """Take a user out of a group; the user itself stays as it is.

    The only DELETE on members. Without /$ref at its end it would delete the user.

    Returns:
        False where the user was not a member, or group or user are gone.

    Raises:
        WriteRefusedError: a rule of the directory stands against it.
        PermissionMissingError, PrivilegedTargetError: also for role-assignable groups.
        UnknownOutcomeError: the answer was lost; read back.
        GraphError, SignInError: as every call.
    """
    path = f"/groups/{UUID(str(group_id))}/members/{UUID(str(user_id))}/$ref"
    try:
        await graph.delete(path, needs=AppRole.GROUP_MEMBER_READ_WRITE_ALL)
    except ObjectNotFoundError:
        return False
    except WriteRefusedError as error:
        if error.reason is WriteRefusal.NOT_A_MEMBER:
            return False
        raise
    return True


async def _listed(graph: GraphClient, user_id: ObjectId, relation: str) -> list[Group]:
    # Picking groups alone out of a relationship is an advanced query.
    params = {"$select": _SELECT, "$top": "999", "$count": "true"}
    return [
        _GroupAnswer.model_validate(item).as_group()
        async for item in graph.items(
            f"/users/{UUID(str(user_id))}/{relation}/microsoft.graph.group",
            params=params,
            needs=AppRole.GROUP_MEMBER_READ_ALL,
            advanced=True,
        )
    ]


async def _only_direct(
    graph: GraphClient, groups: list[Group], user_id: ObjectId
) -> list[Group]:
    requests = [_membership_request(group.id, user_id) for group in groups]
    answers = await graph.batch(requests)
    return [
        group
        for group, answer in zip(groups, answers, strict=True)
        if not isinstance(answer.error, ObjectNotFoundError)  # deleted in between
        and answer.value().get("value")
    ]


def _membership_request(group_id: ObjectId, user_id: ObjectId) -> GraphRequest:
    return GraphRequest(
        "GET",
        f"/groups/{group_id}/members",
        AppRole.GROUP_MEMBER_READ_ALL,
        {"$filter": f"id eq '{user_id}'", "$count": "true", "$select": "id"},
        is_advanced=True,
    )
