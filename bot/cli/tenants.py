"""`gatehouse tenant add|list|remove`, for scripts: the same checks as the modal."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.running import fail, open_slack_client, read_settings, say, with_core
from bot.core import Core
from bot.domain.audit import ITSELF
from bot.domain.clouds import Cloud
from bot.domain.errors import InputError
from bot.domain.ids import (
    ChannelId,
    ClientId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.permissions import Feature
from bot.domain.tenants import (
    AppCredential,
    ConnectInput,
    Field,
    SignInKind,
    Tenant,
    check_distinct,
    check_name,
    read_guid,
    read_secret,
)
from bot.slack_client import prove_bot_token
from handlers.people import PeopleDirectory

app = typer.Typer(help="Connected tenants.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Channel = Annotated[str, typer.Option(help="Slack channel ID.")]
SecretFile = Annotated[
    Path | None, typer.Option(help="File with the client secret value.")
]
CertificateFile = Annotated[
    Path | None, typer.Option(help="File with certificate and private key (PEM).")
]
People = Annotated[str, typer.Option(help="Slack user IDs, comma-separated.")]
ACTOR = SlackUserId(ITSELF)


@app.command()
def add(
    name: Annotated[str, typer.Option(help="What people call it.")],
    cloud: Annotated[Cloud, typer.Option(help="Which cloud it lives in.")],
    tenant_id: Annotated[str, typer.Option(help="Directory (tenant) ID.")],
    client_id: Annotated[str, typer.Option(help="Application (client) ID.")],
    alerts_channel: Channel,
    approvals_channel: Channel,
    secret_file: SecretFile = None,
    certificate_file: CertificateFile = None,
    approvers: People = "",
    as_json: AsJson = False,
) -> None:
    """Prove a connection against Graph and store it, as the modal does."""

    async def work(core: Core) -> None:
        tenant, client = _ids(tenant_id, client_id)
        wanted = ConnectInput(
            workspace_id=WorkspaceId(""),  # the token's, which Slack tells below
            name=name.strip(),
            cloud=cloud,
            tenant_id=tenant,
            client_id=client,
            credential=_credential(secret_file, certificate_file),
            alerts_channel=ChannelId(alerts_channel),
            approvals_channel=ChannelId(approvals_channel),
            approvers=_people(approvers),
        )
        check_name(wanted.name)
        wanted = replace(wanted, workspace_id=await _check_in_slack(wanted))
        connected = await core.services.tenants.connect(wanted, by=ACTOR)
        _show(connected, as_json=as_json)

    with_core(work)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List the connected tenants."""

    async def work(core: Core) -> None:
        tenants = await core.services.tenants.list_connected()
        if as_json:
            say(json.dumps([as_dict(tenant) for tenant in tenants], indent=2))
            return
        for tenant in tenants:
            _show(tenant, as_json=False)
        if not tenants:
            say("No tenant is connected. Use /entra connect, or gatehouse tenant add.")

    with_core(work)


@app.command()
def remove(
    connection: Annotated[str, typer.Argument(help="Its ID or name, as listed.")],
) -> None:
    """Disconnect a tenant: its data is removed, the audit trail stays."""

    async def work(core: Core) -> None:
        tenants = await core.services.tenants.list_connected()
        found = [
            tenant for tenant in tenants if connection in (str(tenant.id), tenant.name)
        ]
        if len(found) != 1:
            raise fail(
                f"{len(found)} connected tenants match {connection!r}.",
                "Give the ID that gatehouse tenant list prints.",
            )
        await core.services.tenants.disconnect(found[0].id, by=ACTOR)
        say(
            f"{found[0].name} is disconnected. What was read of it is erased in the "
            "background as soon as Gatehouse runs."
        )

    with_core(work)


def as_dict(tenant: Tenant) -> dict[str, Any]:
    """A connection for scripts; nothing in it signs in."""
    return {
        "id": str(tenant.id),
        "name": tenant.name,
        "cloud": str(tenant.cloud),
        "tenant_id": str(tenant.tenant_id),
        "client_id": str(tenant.client_id),
        "display_name": tenant.display_name,
        "verified_domains": list(tenant.verified_domains),
        "status": str(tenant.status),
        "sign_in_with": str(tenant.sign_in_kind),
        "credential_ends_at": _iso(tenant.credential_ends_at),
        "last_scan_at": _iso(tenant.last_scan_at),
        "granted": sorted(tenant.granted),
        "missing": {
            str(feature): [str(need.role) for need in tenant.report.missing(feature)]
            for feature in Feature
        },
        "optional": [str(role) for role in tenant.report.left_out()],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _show(tenant: Tenant, *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(as_dict(tenant), indent=2))
        return
    say(f"{tenant.id}  {tenant.name}  {tenant.cloud.label}  {tenant.status}")


def _credential(secret: Path | None, certificate: Path | None) -> AppCredential:
    if (secret is None) == (certificate is None):
        raise fail("Give either --secret-file or --certificate-file.")
    chosen = secret or certificate
    try:
        content = (chosen or Path()).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"Cannot read {chosen}: {error}.") from None
    if secret is not None:
        return read_secret(content)
    return AppCredential(SignInKind.CERTIFICATE, content)


def _people(listed: str) -> tuple[SlackUserId, ...]:
    return tuple(
        SlackUserId(each.strip()) for each in listed.split(",") if each.strip()
    )


def _ids(tenant_id: str, client_id: str) -> tuple[TenantId, ClientId]:
    tenant = TenantId(read_guid(tenant_id, field=Field.TENANT_ID, label="--tenant-id"))
    client = ClientId(read_guid(client_id, field=Field.CLIENT_ID, label="--client-id"))
    check_distinct(tenant, client)
    return tenant, client


async def _check_in_slack(wanted: ConnectInput) -> WorkspaceId:
    """Check channels and approvers as the modal does, and tell the workspace."""
    async with open_slack_client(read_settings()) as client:
        identity = await prove_bot_token(client)
        workspace_id = WorkspaceId(str(identity.team_id))
        await _check_choices(PeopleDirectory(client), wanted, workspace_id)
    return workspace_id


async def _check_choices(
    directory: PeopleDirectory, wanted: ConnectInput, workspace_id: WorkspaceId
) -> None:
    for field, channel in (
        (Field.ALERTS_CHANNEL, wanted.alerts_channel),
        (Field.APPROVALS_CHANNEL, wanted.approvals_channel),
    ):
        await directory.check_can_post(channel, field=field)
    for user in wanted.approvers:
        if not (await directory.person(user)).belongs_to(workspace_id):
            raise InputError(
                Field.APPROVERS,
                f"{user} is not a full member of this workspace.",
                remedy="Choose members only; guests cannot approve.",
            )
