"""Owners, privileged roles, devices, use, reports and logs of a directory."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.String()
LONG_TEXT = sa.Text()
NUMBER = sa.Integer()
TRUTH = sa.Boolean()
DAY = sa.Date()
INSTANT = sa.DateTime(timezone=True)
GUID = sa.Uuid().with_variant(sa.String(36), "sqlite")

OWNER: tuple[dict[str, Any], dict[str, Any]] = (
    {"object_id": GUID, "owner_id": GUID},
    {"owner_kind": TEXT},
)
ROLE_SCHEDULE: tuple[dict[str, Any], dict[str, Any]] = (
    {"id": TEXT},
    {
        "role_definition_id*": GUID,
        "principal_id*": GUID,
        "scope": TEXT,
        "member_type": TEXT,
        "assignment_type": TEXT,
        "starts_at": INSTANT,
        "ends_at": INSTANT,
    },
)
# Of each table: its key, then its other columns. An asterisk marks those that every row
# has.
TABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "directory_group_owner": OWNER,
    "directory_application_owner": OWNER,
    "directory_service_principal_owner": OWNER,
    "directory_role_eligibility": ROLE_SCHEDULE,
    "directory_role_activation": ROLE_SCHEDULE,
    "directory_federated_credential": (
        {"id": GUID},
        {
            "application_id*": GUID,
            "name": TEXT,
            "issuer": LONG_TEXT,
            "subject": LONG_TEXT,
            "audiences": LONG_TEXT,
        },
    ),
    "directory_identity_provider": (
        {"id": TEXT},
        {"display_name": TEXT, "kind": TEXT, "provider_type": TEXT},
    ),
    "directory_provisioning_job": (
        {"service_principal_id": GUID, "id": TEXT},
        {
            "template": TEXT,
            "status": TEXT,
            "schedule_state": TEXT,
            "quarantine_reason": TEXT,
            "quarantined_at": INSTANT,
            "last_result": TEXT,
            "last_error": LONG_TEXT,
            "last_ended_at": INSTANT,
            "steady_at": INSTANT,
        },
    ),
    "directory_device": (
        {"id": GUID},
        {
            "device_id": GUID,
            "display_name": TEXT,
            "operating_system": TEXT,
            "operating_system_version": TEXT,
            "trust_type": TEXT,
            "account_enabled": TRUTH,
            "is_compliant": TRUTH,
            "is_managed": TRUTH,
            "last_sign_in_at": INSTANT,
            "registered_at": INSTANT,
        },
    ),
    "directory_managed_device": (
        {"id": GUID},
        {
            "device_name": TEXT,
            "user_id": GUID,
            "user_principal_name": TEXT,
            "operating_system": TEXT,
            "operating_system_version": TEXT,
            "compliance": TEXT,
            "owner_type": TEXT,
            "device_id": GUID,
            "serial_number": TEXT,
            "last_sync_at": INSTANT,
        },
    ),
    "directory_sign_in_activity": (
        {"user_id": GUID},
        {
            "last_sign_in_at": INSTANT,
            "last_non_interactive_at": INSTANT,
            "last_successful_at": INSTANT,
        },
    ),
    "directory_registration": (
        {"user_id": GUID},
        {
            "user_principal_name": TEXT,
            "is_admin": TRUTH,
            "is_mfa_registered": TRUTH,
            "is_mfa_capable": TRUTH,
            "is_passwordless_capable": TRUTH,
            "methods": LONG_TEXT,
            "updated_at": INSTANT,
        },
    ),
    "directory_usage_office": (
        {"user_principal_name": TEXT},
        {
            "display_name": TEXT,
            "is_deleted": TRUTH,
            "exchange_on": DAY,
            "onedrive_on": DAY,
            "sharepoint_on": DAY,
            "teams_on": DAY,
            "yammer_on": DAY,
            "licences": LONG_TEXT,
            "refreshed_on": DAY,
        },
    ),
    "directory_usage_teams": (
        {"user_principal_name": TEXT},
        {
            "is_deleted": TRUTH,
            "last_active_on": DAY,
            "team_chats": NUMBER,
            "private_chats": NUMBER,
            "calls": NUMBER,
            "meetings": NUMBER,
            "refreshed_on": DAY,
        },
    ),
    "directory_usage_apps": (
        {"user_principal_name": TEXT},
        {
            "last_activated_on": DAY,
            "last_active_on": DAY,
            "used_on": LONG_TEXT,
            "refreshed_on": DAY,
        },
    ),
    "directory_audit": (
        {"id": TEXT},
        {
            "at*": INSTANT,
            "activity": TEXT,
            "category": TEXT,
            "result": TEXT,
            "result_reason": LONG_TEXT,
            "initiated_by": TEXT,
            "initiator_id": TEXT,
            "targets": LONG_TEXT,
            "correlation_id": TEXT,
        },
    ),
    "directory_sign_in": (
        {"id": TEXT},
        {
            "at*": INSTANT,
            "user_id": GUID,
            "user_principal_name": TEXT,
            "client_id": GUID,
            "app_name": TEXT,
            "resource_name": TEXT,
            "ip_address": TEXT,
            "error_code": NUMBER,
            "failure_reason": LONG_TEXT,
            "conditional_access": TEXT,
            "correlation_id": TEXT,
        },
    ),
    "directory_provisioning_log": (
        {"id": TEXT},
        {
            "at*": INSTANT,
            "job_id": TEXT,
            "service_principal_id": GUID,
            "service_principal_name": TEXT,
            "action": TEXT,
            "result": TEXT,
            "error_code": TEXT,
            "reason": LONG_TEXT,
            "source_id": TEXT,
            "source_name": TEXT,
            "target_name": TEXT,
        },
    ),
}
PAIRS = {
    "directory_group_owner",
    "directory_application_owner",
    "directory_service_principal_owner",
}
LOGS = ("directory_audit", "directory_sign_in", "directory_provisioning_log")


def upgrade() -> None:
    """Make the tables, and let a data set say when it is read next."""
    op.add_column("data_set", sa.Column("due_at", INSTANT))
    for name, (keys, others) in TABLES.items():
        make_rows(name, keys, others)
    for name in LOGS:
        op.create_index(f"ix_{name}_connection_id_at", name, ["connection_id", "at"])


def downgrade() -> None:
    """Drop all of it."""
    for name in TABLES:
        op.drop_table(name)
    op.drop_column("data_set", "due_at")


def make_rows(name: str, keys: dict[str, Any], others: dict[str, Any]) -> None:
    """A table of rows that were read, with the complete read that last saw them."""
    op.create_table(
        name,
        sa.Column("connection_id", GUID, nullable=False),
        *(sa.Column(key, kind, nullable=False) for key, kind in keys.items()),
        *(
            sa.Column(other.rstrip("*"), kind, nullable=not other.endswith("*"))
            for other, kind in others.items()
        ),
        sa.Column("generation", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["tenant.id"],
            name=f"fk_{name}_connection_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", *keys, name=f"pk_{name}"),
        sqlite_with_rowid=name not in PAIRS,
    )
