"""What was read of a directory, how it stands, and views of it for auditors."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.String()
LONG_TEXT = sa.Text()
WORDS = sa.String(40)
NUMBER = sa.Integer()
TRUTH = sa.Boolean()
INSTANT = sa.DateTime(timezone=True)
GUID = sa.Uuid().with_variant(sa.String(36), "sqlite")

# Of each table of rows: its key, then its other columns. An asterisk marks those that
# every row has.
TABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "directory_organization": (
        {"id": GUID},
        {
            "display_name": TEXT,
            "verified_domains": LONG_TEXT,
            "plans": LONG_TEXT,
            "on_premises_sync_enabled": TRUTH,
            "created_at": INSTANT,
        },
    ),
    "directory_user": (
        {"id": GUID},
        {
            "display_name": TEXT,
            "user_principal_name": TEXT,
            "mail": TEXT,
            "account_enabled": TRUTH,
            "user_type": TEXT,
            "job_title": TEXT,
            "department": TEXT,
            "company_name": TEXT,
            "usage_location": TEXT,
            "on_premises_sync_enabled": TRUTH,
            "employee_id": TEXT,
            "manager_id": GUID,
            "licences": LONG_TEXT,
            "created_at": INSTANT,
        },
    ),
    "directory_group": (
        {"id": GUID},
        {
            "display_name": TEXT,
            "mail": TEXT,
            "mail_enabled": TRUTH,
            "security_enabled": TRUTH,
            "group_types": LONG_TEXT,
            "membership_rule": LONG_TEXT,
            "is_assignable_to_role": TRUTH,
            "on_premises_sync_enabled": TRUTH,
            "assigned_licences": LONG_TEXT,
            "visibility": TEXT,
            "created_at": INSTANT,
        },
    ),
    "directory_membership": (
        {"group_id": GUID, "member_id": GUID},
        {"member_kind": TEXT},
    ),
    "directory_application": (
        {"id": GUID},
        {
            "client_id": GUID,
            "display_name": TEXT,
            "sign_in_audience": TEXT,
            "credentials": LONG_TEXT,
            "required_access": LONG_TEXT,
            "created_at": INSTANT,
        },
    ),
    "directory_service_principal": (
        {"id": GUID},
        {
            "client_id": GUID,
            "display_name": TEXT,
            "kind": TEXT,
            "account_enabled": TRUTH,
            "owner_tenant_id": GUID,
            "credentials": LONG_TEXT,
            "preferred_signing_key": TEXT,
            "app_roles": LONG_TEXT,
        },
    ),
    "directory_app_role_assignment": (
        {"id": TEXT},
        {
            "app_role_id*": GUID,
            "principal_id*": GUID,
            "principal_kind": TEXT,
            "principal_name": TEXT,
            "resource_id*": GUID,
            "resource_name": TEXT,
            "created_at": INSTANT,
        },
    ),
    "directory_oauth_grant": (
        {"id": TEXT},
        {
            "client_id*": GUID,
            "consent_type": TEXT,
            "principal_id": GUID,
            "resource_id*": GUID,
            "scopes": LONG_TEXT,
        },
    ),
    "directory_role_definition": (
        {"id": GUID},
        {"display_name": TEXT, "is_built_in": TRUTH, "is_enabled": TRUTH},
    ),
    "directory_role_assignment": (
        {"id": TEXT},
        {"role_definition_id*": GUID, "principal_id*": GUID, "scope": TEXT},
    ),
    "directory_subscribed_sku": (
        {"id": TEXT},
        {
            "sku_id*": GUID,
            "name": TEXT,
            "status": TEXT,
            "enabled": NUMBER,
            "consumed": NUMBER,
        },
    ),
}
WITHOUT_ROWID = {"directory_membership"}

VIEWS = {
    "auditor_user": """
        SELECT tenant.name AS tenant, u.id, u.display_name, u.user_principal_name,
            u.user_type, u.account_enabled, u.department, u.job_title,
            m.display_name AS manager, u.licences, u.created_at
        FROM directory_user u
        JOIN tenant ON tenant.id = u.connection_id
        LEFT JOIN directory_user m
            ON m.connection_id = u.connection_id AND m.id = u.manager_id""",
    "auditor_group_member": """
        SELECT tenant.name AS tenant, g.display_name AS group_name,
            g.is_assignable_to_role, g.membership_rule, m.member_kind, m.member_id,
            coalesce(u.user_principal_name, n.display_name, s.display_name) AS member
        FROM directory_membership m
        JOIN tenant ON tenant.id = m.connection_id
        LEFT JOIN directory_group g
            ON g.connection_id = m.connection_id AND g.id = m.group_id
        LEFT JOIN directory_user u
            ON u.connection_id = m.connection_id AND u.id = m.member_id
        LEFT JOIN directory_group n
            ON n.connection_id = m.connection_id AND n.id = m.member_id
        LEFT JOIN directory_service_principal s
            ON s.connection_id = m.connection_id AND s.id = m.member_id""",
    "auditor_role_holder": """
        SELECT tenant.name AS tenant, d.display_name AS role, a.scope, a.principal_id,
            coalesce(u.user_principal_name, g.display_name, s.display_name)
                AS principal,
            u.account_enabled
        FROM directory_role_assignment a
        JOIN tenant ON tenant.id = a.connection_id
        LEFT JOIN directory_role_definition d
            ON d.connection_id = a.connection_id AND d.id = a.role_definition_id
        LEFT JOIN directory_user u
            ON u.connection_id = a.connection_id AND u.id = a.principal_id
        LEFT JOIN directory_group g
            ON g.connection_id = a.connection_id AND g.id = a.principal_id
        LEFT JOIN directory_service_principal s
            ON s.connection_id = a.connection_id AND s.id = a.principal_id""",
    "auditor_app_permission": """
        SELECT tenant.name AS tenant, 'application' AS kind, a.principal_kind,
            a.principal_name AS holder, a.resource_name AS resource,
            CAST(a.app_role_id AS TEXT) AS permission, a.created_at
        FROM directory_app_role_assignment a
        JOIN tenant ON tenant.id = a.connection_id
        UNION ALL
        SELECT tenant.name, 'delegated', o.consent_type, c.display_name,
            r.display_name, o.scopes, NULL
        FROM directory_oauth_grant o
        JOIN tenant ON tenant.id = o.connection_id
        LEFT JOIN directory_service_principal c
            ON c.connection_id = o.connection_id AND c.id = o.client_id
        LEFT JOIN directory_service_principal r
            ON r.connection_id = o.connection_id AND r.id = o.resource_id""",
    "auditor_freshness": """
        SELECT tenant.name AS tenant, data_set.data_set, data_set.standing,
            data_set.rows, data_set.read_at, data_set.reason
        FROM data_set JOIN tenant ON tenant.id = data_set.connection_id""",
}


def upgrade() -> None:
    """Make the tables, then the views of them."""
    make_directory_sync()
    make_data_set()
    for name, (keys, others) in TABLES.items():
        make_rows(name, keys, others)
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    """Drop the views and the tables with everything in them."""
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    for name in (*TABLES, "data_set", "directory_sync"):
        op.drop_table(name)


def make_directory_sync() -> None:
    """Table directory_sync."""
    op.create_table(
        "directory_sync",
        sa.Column("connection_id", GUID, nullable=False),
        sa.Column("claimed_by", TEXT),
        sa.Column("claimed_until", INSTANT),
        sa.Column("started_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        of_tenant("directory_sync"),
        sa.PrimaryKeyConstraint("connection_id", name="pk_directory_sync"),
    )


def make_data_set() -> None:
    """Table data_set."""
    op.create_table(
        "data_set",
        sa.Column("connection_id", GUID, nullable=False),
        sa.Column("data_set", WORDS, nullable=False),
        sa.Column("standing", WORDS, nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("reason", LONG_TEXT, nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("started_at", INSTANT),
        sa.Column("delta_link", LONG_TEXT),
        sa.Column("generation", NUMBER, nullable=False),
        sa.Column("pages_done", NUMBER, nullable=False),
        sa.Column("rows_done", NUMBER, nullable=False),
        sa.Column("mark", LONG_TEXT),
        sa.Column("resource_units", NUMBER, nullable=False),
        of_tenant("data_set"),
        sa.PrimaryKeyConstraint("connection_id", "data_set", name="pk_data_set"),
    )


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
        of_tenant(name),
        sa.PrimaryKeyConstraint("connection_id", *keys, name=f"pk_{name}"),
        sqlite_with_rowid=name not in WITHOUT_ROWID,
    )


def of_tenant(table: str) -> sa.ForeignKeyConstraint:
    """What a directory is of goes with its tenant."""
    return sa.ForeignKeyConstraint(
        ["connection_id"],
        ["tenant.id"],
        name=f"fk_{table}_connection_id",
        ondelete="CASCADE",
    )
