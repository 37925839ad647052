"""The tenant, the people and the things that the store's tests are about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bot.domain.alerts import Alert, AlertKind, AlertStatus
from bot.domain.clouds import Cloud
from bot.domain.credentials import Credential, CredentialKind, Stage
from bot.domain.ids import (
    AlertId,
    ChannelId,
    ClientId,
    ConnectionId,
    KeyId,
    MessageId,
    ObjectId,
    RequestId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.messages import Message, MessageKind
from bot.domain.offboarding import OffboardingRequest, RequestStatus
from bot.domain.plans import Action, Leaver, Plan, PlannedStep
from bot.domain.tenants import AppCredential, SignInKind, Tenant

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACME = WorkspaceId("T0ACME")
RUTH = SlackUserId("U0RUTH")  # asks
AMIR = SlackUserId("U0AMIR")  # approves
ALERTS = ChannelId("C0ALERTS")
APPROVALS = ChannelId("C0APPROVALS")
SECRET = AppCredential(SignInKind.SECRET, "abc8Q~made-up.value_of-a-secret_12345678")


def a_tenant(**changes: Any) -> Tenant:
    """Contoso, connected by Ruth."""
    tenant = Tenant(
        id=ConnectionId(uuid4()),
        workspace_id=ACME,
        name="Contoso",
        cloud=Cloud.GLOBAL,
        tenant_id=TenantId(uuid4()),
        client_id=ClientId(uuid4()),
        sign_in_kind=SignInKind.SECRET,
        alerts_channel=ALERTS,
        approvals_channel=APPROVALS,
        approvers=(AMIR, RUTH),
        connected_by=RUTH,
        connected_at=NOW,
    )
    return replace(tenant, **changes)


def a_credential(**changes: Any) -> Credential:
    """A client secret of the payroll app that ends in ten days."""
    credential = Credential(
        app_object_id=ObjectId(uuid4()),
        client_id=ClientId(uuid4()),
        app_name="Payroll",
        key_id=KeyId(uuid4()),
        kind=CredentialKind.SECRET,
        ends_at=NOW + timedelta(days=10),
        starts_at=NOW - timedelta(days=170),
        display_name="CI",
        hint="abc",
        owners=("Zoë Öz <zoe@contoso.example>",),
    )
    return replace(credential, **changes)


def an_alert(tenant: Tenant, **changes: Any) -> Alert:
    """That secret, told at fourteen days."""
    alert = Alert(
        id=AlertId(uuid4()),
        connection_id=tenant.id,
        kind=AlertKind.CREDENTIAL_EXPIRY,
        fact_key="credential:payroll:ci",
        status=AlertStatus.OPEN,
        opened_at=NOW,
        seen_at=NOW,
        facts={"app_name": "Payroll"},
        stage=Stage.FOURTEEN_DAYS,
        ends_at=NOW + timedelta(days=10),
    )
    return replace(alert, **changes)


def a_message(key: str = "alert:1", **changes: Any) -> Message:
    """A card in the alerts channel."""
    message = Message(
        id=MessageId(uuid4()),
        workspace_id=ACME,
        kind=MessageKind.ALERT,
        key=key,
        channel=ALERTS,
        subject_id=UUID(int=7),
    )
    return replace(message, **changes)


def a_plan(tenant: Tenant, leaver: ObjectId | None = None) -> Plan:
    """Disable Dana, take her from a group; a dynamic group is blocked."""
    return Plan(
        tenant_id=tenant.tenant_id,
        leaver=Leaver(
            leaver or ObjectId(uuid4()),
            "Dana Ünal",
            "dana@contoso.example",
            addresses=("dana@contoso.example",),
        ),
        actions=(Action.DISABLE_ACCOUNT, Action.REMOVE_GROUPS),
        steps=(
            PlannedStep(Action.DISABLE_ACCOUNT),
            PlannedStep(Action.REMOVE_GROUPS, str(UUID(int=1)), "Sales", "security"),
            PlannedStep(
                Action.REMOVE_GROUPS,
                str(UUID(int=2)),
                "All staff",
                "dynamic",
                blocked="Its members come from a rule.",
            ),
        ),
        read_at=NOW,
        notes=("The password stays.",),
    )


def a_request(tenant: Tenant, **changes: Any) -> OffboardingRequest:
    """Ruth asks for Dana to be offboarded, within a day."""
    plan = changes.pop("plan", None) or a_plan(tenant)
    request = OffboardingRequest(
        id=RequestId(uuid4()),
        workspace_id=ACME,
        connection_id=tenant.id,
        requester=RUTH,
        plan=plan,
        digest=plan.digest,
        status=RequestStatus.PENDING,
        asked_at=NOW,
        expires_at=NOW + 24 * HOUR,
        approvals_channel=APPROVALS,
        reason="Leaves on Friday: “thank you”",
        ticket="HR-17",
    )
    return replace(request, **changes)
