"""The statements that write a directory, the same text for both databases.

A whole page goes in as one JSON parameter of one statement. With one statement a row
the driver's thread needs Python's lock again for each, and beside a busy loop that made
1,700 rows/s of 50,000 (measured, SQLite, 999 users a page).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, TextClause, text

from bot.domain.directory import DataSet
from bot.domain.rows import ROWS, key_width
from store import activity_tables as activity
from store import directory_access_tables as access
from store import directory_app_tables as apps
from store import directory_tables as people
from store import log_tables as logs
from store.tables import Table
from store.types import Guid, UtcDateTime

TABLES: Mapping[DataSet, type[Table]] = MappingProxyType(
    {
        DataSet.ORGANIZATION: people.DirectoryOrganizationRow,
        DataSet.USERS: people.DirectoryUserRow,
        DataSet.GROUPS: people.DirectoryGroupRow,
        DataSet.MEMBERSHIPS: people.DirectoryMembershipRow,
        DataSet.GROUP_OWNERS: access.DirectoryGroupOwnerRow,
        DataSet.APPLICATIONS: apps.DirectoryApplicationRow,
        DataSet.APPLICATION_OWNERS: access.DirectoryApplicationOwnerRow,
        DataSet.FEDERATED_CREDENTIALS: access.DirectoryFederatedCredentialRow,
        DataSet.SERVICE_PRINCIPALS: apps.DirectoryServicePrincipalRow,
        DataSet.SERVICE_PRINCIPAL_OWNERS: access.DirectoryServicePrincipalOwnerRow,
        DataSet.APP_ROLE_ASSIGNMENTS: apps.DirectoryAppRoleAssignmentRow,
        DataSet.OAUTH_GRANTS: apps.DirectoryOauthGrantRow,
        DataSet.ROLE_DEFINITIONS: apps.DirectoryRoleDefinitionRow,
        DataSet.ROLE_ASSIGNMENTS: apps.DirectoryRoleAssignmentRow,
        DataSet.ROLE_ELIGIBILITIES: access.DirectoryRoleEligibilityRow,
        DataSet.ROLE_ACTIVATIONS: access.DirectoryRoleActivationRow,
        DataSet.SUBSCRIBED_SKUS: people.DirectorySubscribedSkuRow,
        DataSet.DEVICES: activity.DirectoryDeviceRow,
        DataSet.MANAGED_DEVICES: activity.DirectoryManagedDeviceRow,
        DataSet.IDENTITY_PROVIDERS: access.DirectoryIdentityProviderRow,
        DataSet.PROVISIONING_JOBS: access.DirectoryProvisioningJobRow,
        DataSet.SIGN_IN_ACTIVITY: activity.DirectorySignInActivityRow,
        DataSet.REGISTRATIONS: activity.DirectoryRegistrationRow,
        DataSet.USAGE_OFFICE: activity.DirectoryUsageOfficeRow,
        DataSet.USAGE_TEAMS: activity.DirectoryUsageTeamsRow,
        DataSet.USAGE_APPS: activity.DirectoryUsageAppsRow,
        DataSet.DIRECTORY_AUDITS: logs.DirectoryAuditRow,
        DataSet.SIGN_INS: logs.DirectorySignInRow,
        DataSet.PROVISIONING_LOGS: logs.DirectoryProvisioningLogRow,
    }
)

# Everything that Entra has one for: None means that it was not told, never "cleared".
NAMES = frozenset(
    {"display_name", "user_principal_name", "principal_name", "resource_name", "name"}
)


def table_of(data_set: DataSet) -> str:
    """The name of a data set's table."""
    return str(TABLES[data_set].__tablename__)


@cache
def key_columns(data_set: DataSet) -> tuple[str, ...]:
    """What tells a data set's rows apart; the first fields of a row."""
    return ROWS[data_set]._fields[: key_width(data_set)]


@cache
def upsert(data_set: DataSet, untold: frozenset[str], *, is_sqlite: bool) -> TextClause:
    """Insert rows, or change those that are there.

    Args:
        untold: columns that stay as they are stored.

    Parameters: connection_id, generation, rows (a JSON list of lists).
    """
    fields, keys = ROWS[data_set]._fields, key_columns(data_set)
    told = [name for name in fields if name not in keys and name not in untold]
    changes = [*(_change(data_set, name) for name in told), _newest(data_set)]
    return text(
        f"INSERT INTO {table_of(data_set)} "  # noqa: S608 - our own names only
        f"(connection_id, {', '.join(fields)}, generation) "
        f"SELECT CAST(:connection_id AS {_guid(is_sqlite)}), "
        f"{_told(data_set, fields, is_sqlite)}, CAST(:generation AS INTEGER) "
        f"FROM {_each('rows', is_sqlite)} WHERE true "
        f"ON CONFLICT (connection_id, {', '.join(keys)}) "
        f"DO UPDATE SET {', '.join(changes)}"
    )


@cache
def delete_keys(data_set: DataSet, *, is_sqlite: bool) -> TextClause:
    """Delete rows by their keys. Parameters: connection_id, keys (as `rows` above)."""
    return delete_where(data_set, key_columns(data_set), is_sqlite=is_sqlite)


@cache
def delete_where(
    data_set: DataSet, columns: tuple[str, ...], *, is_sqlite: bool
) -> TextClause:
    """The same, by other columns than the key's."""
    return text(
        f"DELETE FROM {table_of(data_set)} "  # noqa: S608 - our own names only
        f"WHERE {_among(data_set, columns, is_sqlite)}"
    )


@cache
def see_where(
    data_set: DataSet, columns: tuple[str, ...], *, is_sqlite: bool
) -> TextClause:
    """Take rows for seen. Parameters: generation, and those of `delete_keys`."""
    return text(
        f"UPDATE {table_of(data_set)} "  # noqa: S608 - our own names only
        "SET generation = CAST(:generation AS INTEGER) "
        f"WHERE {_among(data_set, columns, is_sqlite)} "
        "AND generation < CAST(:generation AS INTEGER)"
    )


def _among(data_set: DataSet, columns: tuple[str, ...], is_sqlite: bool) -> str:
    return (
        f"connection_id = CAST(:connection_id "  # noqa: S608 - our own names only
        f"AS {_guid(is_sqlite)}) AND ({', '.join(columns)}) IN (SELECT "
        f"{_told(data_set, columns, is_sqlite)} FROM {_each('keys', is_sqlite)})"
    )


def _columns(data_set: DataSet) -> Mapping[str, Column[Any]]:
    return dict(Table.metadata.tables[table_of(data_set)].columns)


def _change(data_set: DataSet, name: str) -> str:
    if name not in NAMES:
        return _taken_over(name)
    return f"{name} = coalesce(excluded.{name}, {table_of(data_set)}.{name})"


def _newest(data_set: DataSet) -> str:
    """What a newer read saw stays seen, whoever comes late with older pages."""
    mine, stored = "excluded.generation", f"{table_of(data_set)}.generation"
    return f"generation = CASE WHEN {mine} > {stored} THEN {mine} ELSE {stored} END"


def _taken_over(name: str) -> str:
    return f"{name} = excluded.{name}"


def _each(parameter: str, is_sqlite: bool) -> str:
    if is_sqlite:
        return f"json_each(:{parameter}) AS told"
    return f"json_array_elements(CAST(:{parameter} AS json)) AS told(value)"


def _told(data_set: DataSet, names: tuple[str, ...], is_sqlite: bool) -> str:
    columns = _columns(data_set)
    read = _on_sqlite if is_sqlite else _on_postgres
    return ", ".join(
        read(columns[name], f"told.value ->> {place}")
        for place, name in enumerate(names)
    )


def _on_sqlite(column: Column[Any], value: str) -> str:
    """JSON's text as our types write it; numbers, truth and GUIDs are so already."""
    if not isinstance(column.type, UtcDateTime):
        return value
    plain = f"replace(replace({value}, 'T', ' '), 'Z', '')"
    return f"substr({plain} || '.000000', 1, 26)"


def _on_postgres(column: Column[Any], value: str) -> str:
    match column.type:
        case UtcDateTime():
            return f"CAST({value} AS timestamptz)"
        case Guid():
            return f"CAST({value} AS uuid)"
        case Boolean():
            return f"CAST({value} AS boolean)"
        case Integer():
            return f"CAST({value} AS integer)"
        case Date():
            return f"CAST({value} AS date)"
        case _:
            return value


def _guid(is_sqlite: bool) -> str:
    return "text" if is_sqlite else "uuid"
