"""Reading a tenant for a scan. What cannot be read is named, and the rest goes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from bot.domain.credentials import Credential
from bot.domain.errors import BotError
from bot.domain.findings import expiry_findings
from bot.domain.ids import ClientId, ObjectId
from bot.domain.permissions import Feature, PermissionReport
from bot.domain.scans import Problem, Reading, Refusal
from bot.graph.applications import (
    Application,
    application_owners,
    applications,
    credentials_of,
    own_application,
)
from bot.graph.client import GraphClient
from bot.graph.errors import GraphError, PermissionMissingError
from bot.graph.requested_permissions import permission_report
from bot.graph.service_principals import (
    PermissionNames,
    graph_permissions,
    own_permissions,
)
from bot.graph.signin_errors import SignInError


@dataclass
class _Notes:
    """What is read one part after the other."""

    credentials: list[Credential] = field(default_factory=list)
    app_ids: set[ObjectId] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    read_all_apps: bool = False

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[None]:
        """Note an error under the part's name and go on with the next part."""
        try:
            yield
        except (GraphError, SignInError) as error:
            self.problems.append(problem(name, error))


def problem(part: str, error: BotError) -> Problem:
    """An error as a part of the tenant that could not be read."""
    return Problem(part, error.message, error.remedy, error.code)


async def read_tenant(graph: GraphClient, client_id: ClientId) -> Reading:
    """Sign in anew and read everything that is watched.

    A fresh token each time, because consent and a credential taken away since show in
    no older one.
    """
    reading = Reading(began_at=graph.clock.now())
    try:
        granted = await graph.granted(fresh=True)
    except SignInError as error:
        return _without_sign_in(reading, error)
    notes = _Notes()
    own = await _own_registration(graph, client_id, notes)
    names = await _names(graph, notes)
    if not granted and names is not None:
        granted = await _granted_by_graph(graph, client_id, names, notes)
    report = permission_report(granted, own, names)
    if report.works(Feature.WATCH):
        await _read_apps(graph, notes)
        await _read_owners(graph, notes, reading)
    return replace(
        reading,
        report=report,
        own_app_id=ObjectId(own.id) if own else None,
        own_credentials=tuple(credentials_of(own)) if own else None,
        credentials=tuple(notes.credentials),
        app_ids=frozenset(notes.app_ids),
        read_all_apps=notes.read_all_apps,
        problems=tuple(notes.problems),
    )


async def read_consent(graph: GraphClient, client_id: ClientId) -> PermissionReport:
    """Read with a fresh token what is granted and what the registration requests.

    Raises:
        SignInError: Entra does not let the app in.
        GraphError: Graph could not be reached, or refused for another reason than a
            missing permission.
    """
    granted = await graph.granted(fresh=True)
    own = await _own_if_allowed(graph, client_id)
    names = await _names_if_allowed(graph)
    if not granted and names is not None:
        granted = await own_permissions(graph, client_id, names)
    return permission_report(granted, own, names)


async def _own_if_allowed(
    graph: GraphClient, client_id: ClientId
) -> Application | None:
    """Our registration, None where it is in another tenant or may not be read."""
    try:
        return await own_application(graph, client_id)
    except PermissionMissingError:
        return None  # the missing consent is an alert of its own


def _without_sign_in(reading: Reading, error: SignInError) -> Reading:
    if error.is_transient:
        return replace(reading, problems=(problem("a token", error),))
    refusal = Refusal(error.message, error.remedy, error.aadsts)
    return replace(reading, refusal=refusal)


async def _own_registration(
    graph: GraphClient, client_id: ClientId, notes: _Notes
) -> Application | None:
    async with notes.part("Gatehouse's own app registration"):
        return await _own_if_allowed(graph, client_id)
    return None


async def _names(graph: GraphClient, notes: _Notes) -> PermissionNames | None:
    async with notes.part("the names of permissions"):
        return await _names_if_allowed(graph)
    return None


async def _granted_by_graph(
    graph: GraphClient, client_id: ClientId, names: PermissionNames, notes: _Notes
) -> frozenset[str]:
    """A token that names no role and yet reads the tenant is opaque: ask Graph."""
    async with notes.part("the permissions granted"):
        return await own_permissions(graph, client_id, names)
    return frozenset()


async def _names_if_allowed(graph: GraphClient) -> PermissionNames | None:
    try:
        return await graph_permissions(graph)
    except PermissionMissingError:
        return None  # told as missing consent


async def _read_apps(graph: GraphClient, notes: _Notes) -> None:
    async with notes.part("app registrations"):
        async for application in applications(graph):
            notes.app_ids.add(ObjectId(application.id))
            notes.credentials.extend(credentials_of(application))
        notes.read_all_apps = True


async def _read_owners(graph: GraphClient, notes: _Notes, reading: Reading) -> None:
    """Owners only of apps with something near its end: one request each."""
    near = expiry_findings(notes.credentials, own=None, now=reading.began_at)
    app_ids = {ObjectId(UUID(finding.facts["app_object_id"])) for finding in near}
    async with notes.part("the owners of apps"):
        owners = await application_owners(graph, sorted(app_ids))
        notes.credentials = [
            replace(each, owners=owners.get(each.app_object_id, ()))
            for each in notes.credentials
        ]
