"""Views of owners, licences, roles, provisioning and use, for auditors."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What SQLite and PostgreSQL write in different ways.
ON_SQLITE = {
    "each_licence": "json_each(u.licences) AS each",
    "sku_id": "(each.value ->> 0)",
    "group_id": "(each.value ->> 1)",
    "first_target": "(a.targets ->> '$[0].name')",
    "days_90_ago": "datetime('now', '-90 days')",
}
ON_POSTGRES = {
    "each_licence": "json_array_elements(CAST(u.licences AS json)) AS each(value)",
    "sku_id": "CAST(each.value ->> 0 AS uuid)",
    "group_id": "CAST(each.value ->> 1 AS uuid)",
    "first_target": "(CAST(a.targets AS json) -> 0 ->> 'name')",
    "days_90_ago": "(now() - interval '90 days')",
}

OWNED = """
            SELECT o.connection_id, '{kind}' AS kind, '{data_set}' AS data_set,
                o.id AS object_id, o.display_name AS object, w.owner_id, w.owner_kind
            FROM {table} o
            LEFT JOIN {table}_owner w
                ON w.connection_id = o.connection_id AND w.object_id = o.id"""
SCHEDULED = """
            SELECT connection_id, '{standing}' AS standing, role_definition_id,
                principal_id, scope, member_type, assignment_type, starts_at, ends_at
            FROM {table}"""
OWNERS = (
    ("app registration", "directory_application", "application_owners"),
    ("service principal", "directory_service_principal", "service_principal_owners"),
    ("group", "directory_group", "group_owners"),
)
STANDINGS = (
    ("eligible", "directory_role_eligibility"),
    ("active", "directory_role_activation"),
)
ON_BOTH = {
    "owned": " UNION ALL ".join(
        OWNED.format(kind=kind, table=table, data_set=data_set)
        for kind, table, data_set in OWNERS
    ),
    "scheduled": " UNION ALL ".join(
        SCHEDULED.format(standing=standing, table=table)
        for standing, table in STANDINGS
    ),
}

VIEWS = {
    # An object without an owner has a row without one.
    "auditor_owner": """
        SELECT tenant.name AS tenant, o.kind, o.object, o.object_id, o.owner_kind,
            o.owner_id, coalesce(u.user_principal_name, s.display_name) AS owner,
            u.account_enabled AS owner_enabled, d.read_at AS owners_read_at
        FROM ({owned}) o
        JOIN tenant ON tenant.id = o.connection_id
        LEFT JOIN data_set d
            ON d.connection_id = o.connection_id AND d.data_set = o.data_set
        LEFT JOIN directory_user u
            ON u.connection_id = o.connection_id AND u.id = o.owner_id
        LEFT JOIN directory_service_principal s
            ON s.connection_id = o.connection_id AND s.id = o.owner_id""",
    "auditor_licence": """
        SELECT tenant.name AS tenant, u.user_principal_name, u.account_enabled,
            coalesce(k.name, each.value ->> 0) AS licence,
            CASE WHEN each.value ->> 1 IS NULL THEN 'direct' ELSE 'group' END
                AS source,
            coalesce(g.display_name, each.value ->> 1) AS group_name
        FROM directory_user u
        JOIN tenant ON tenant.id = u.connection_id
        CROSS JOIN {each_licence}
        LEFT JOIN directory_subscribed_sku k
            ON k.connection_id = u.connection_id AND k.sku_id = {sku_id}
        LEFT JOIN directory_group g
            ON g.connection_id = u.connection_id AND g.id = {group_id}""",
    "auditor_role_schedule": """
        SELECT tenant.name AS tenant, d.display_name AS role, r.standing, r.scope,
            r.principal_id,
            coalesce(u.user_principal_name, g.display_name, s.display_name)
                AS principal,
            u.account_enabled, r.member_type, r.assignment_type, r.starts_at, r.ends_at
        FROM ({scheduled}) r
        JOIN tenant ON tenant.id = r.connection_id
        LEFT JOIN directory_role_definition d
            ON d.connection_id = r.connection_id AND d.id = r.role_definition_id
        LEFT JOIN directory_user u
            ON u.connection_id = r.connection_id AND u.id = r.principal_id
        LEFT JOIN directory_group g
            ON g.connection_id = r.connection_id AND g.id = r.principal_id
        LEFT JOIN directory_service_principal s
            ON s.connection_id = r.connection_id AND s.id = r.principal_id""",
    "auditor_provisioning_job": """
        SELECT tenant.name AS tenant, s.display_name AS app, j.id AS job, j.status,
            coalesce(j.status = 'Quarantine' OR j.last_result <> 'Succeeded', false)
                AS is_failing,
            j.schedule_state, j.quarantine_reason, j.quarantined_at, j.last_result,
            j.last_error, j.last_ended_at, j.steady_at
        FROM directory_provisioning_job j
        JOIN tenant ON tenant.id = j.connection_id
        LEFT JOIN directory_service_principal s
            ON s.connection_id = j.connection_id AND s.id = j.service_principal_id""",
    # Only where Entra told when people signed in: not told is not stale. A try that
    # failed counts as use only where Entra knows of no successful one.
    "auditor_stale_account": """
        SELECT tenant.name AS tenant, u.id, u.user_principal_name, u.user_type,
            u.created_at, s.last_used_at, coalesce(u.licences, '[]') <> '[]'
                AS is_licensed, d.read_at AS use_read_at
        FROM directory_user u
        JOIN tenant ON tenant.id = u.connection_id
        JOIN data_set d ON d.connection_id = u.connection_id
            AND d.data_set = 'sign_in_activity' AND d.read_at IS NOT NULL
        LEFT JOIN (
            SELECT connection_id, user_id, coalesce(last_successful_at,
                CASE WHEN last_sign_in_at IS NULL
                    OR last_non_interactive_at > last_sign_in_at
                    THEN last_non_interactive_at ELSE last_sign_in_at END
                ) AS last_used_at
            FROM directory_sign_in_activity
        ) s ON s.connection_id = u.connection_id AND s.user_id = u.id
        WHERE u.account_enabled
            AND (u.created_at IS NULL OR u.created_at < {days_90_ago})
            AND (s.last_used_at IS NULL OR s.last_used_at < {days_90_ago})""",
    # The codes of sign-ins that ended because nobody had consented, or might.
    "auditor_failed_consent": """
        SELECT tenant.name AS tenant, a.at, 'consent' AS step, a.initiated_by AS person,
            {first_target} AS app, a.result_reason AS reason, a.correlation_id
        FROM directory_audit a
        JOIN tenant ON tenant.id = a.connection_id
        WHERE a.activity = 'Consent to application' AND a.result = 'failure'
        UNION ALL
        SELECT tenant.name, i.at, 'sign-in', i.user_principal_name, i.app_name,
            i.failure_reason, i.correlation_id
        FROM directory_sign_in i
        JOIN tenant ON tenant.id = i.connection_id
        WHERE i.error_code IN
            (65001, 65004, 65005, 90093, 90094, 90095, 900941, 900981)""",
}


def upgrade() -> None:
    """Make the views."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    words = ON_BOTH | (ON_SQLITE if is_sqlite else ON_POSTGRES)
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(**words)}")


def downgrade() -> None:
    """Drop them."""
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
