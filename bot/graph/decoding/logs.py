"""Entries of logs, from Graph's objects to rows.

An entry without an ID, or with one too long to be a key, cannot be told from others,
and one without a time stands nowhere; such an entry has no row.
"""

from datetime import datetime
from typing import TypeGuard
from uuid import UUID

from bot.domain.activity_rows import DirectoryAuditRow, ProvisioningLogRow, SignInRow
from bot.graph.decoding.values import MAX_KEY, Int32, Text, Wire, json_text, utc

_NOBODY = UUID(int=0)


class _User(Wire):
    id: Text | None = None
    display_name: Text | None = None
    user_principal_name: Text | None = None


class _App(Wire):
    display_name: Text | None = None
    service_principal_id: Text | None = None
    service_principal_name: Text | None = None


class _Initiator(Wire):
    user: _User | None = None
    app: _App | None = None

    @property
    def name(self) -> str | None:
        """The person's principal name, or the app's name."""
        user, app = self.user or _User(), self.app or _App()
        return (
            user.user_principal_name
            or user.display_name
            or app.display_name
            or app.service_principal_name
            or None
        )

    @property
    def object_id(self) -> str | None:
        """Of the person or the service principal."""
        user, app = self.user or _User(), self.app or _App()
        return user.id or app.service_principal_id or None


class _Target(Wire):
    id: Text | None = None
    display_name: Text | None = None
    user_principal_name: Text | None = None
    type: Text | None = None

    def told(self) -> dict[str, str | None]:
        """What is kept of it."""
        name = self.display_name or self.user_principal_name
        return {"id": self.id, "name": name, "type": self.type}


class DirectoryAuditWire(Wire):
    """A `directoryAudit`."""

    id: Text | None = None
    activity_date_time: datetime | None = None
    activity_display_name: Text | None = None
    category: Text | None = None
    result: Text | None = None
    result_reason: Text | None = None
    initiated_by: _Initiator | None = None
    target_resources: list[_Target] | None = None
    correlation_id: Text | None = None

    def row(self) -> DirectoryAuditRow | None:
        """The change as stored; None where it stands nowhere."""
        at = utc(self.activity_date_time)
        if not _is_key(self.id) or at is None:
            return None
        by = self.initiated_by or _Initiator()
        targets = self.target_resources
        return DirectoryAuditRow(
            self.id,
            at,
            self.activity_display_name,
            self.category,
            self.result,
            self.result_reason,
            by.name,
            by.object_id,
            None if targets is None else json_text([each.told() for each in targets]),
            self.correlation_id,
        )


class _SignInStatus(Wire):
    error_code: Int32 | None = None
    failure_reason: Text | None = None


class SignInWire(Wire):
    """A `signIn`."""

    id: Text | None = None
    created_date_time: datetime | None = None
    user_id: Text | None = None
    user_principal_name: Text | None = None
    app_id: Text | None = None
    app_display_name: Text | None = None
    resource_display_name: Text | None = None
    ip_address: Text | None = None
    status: _SignInStatus | None = None
    conditional_access_status: Text | None = None
    correlation_id: Text | None = None

    def row(self) -> SignInRow | None:
        """The sign-in as stored; None where it stands nowhere."""
        at = utc(self.created_date_time)
        if not _is_key(self.id) or at is None:
            return None
        status = self.status or _SignInStatus()
        return SignInRow(
            self.id,
            at,
            _guid_or_none(self.user_id),
            self.user_principal_name,
            _guid_or_none(self.app_id),
            self.app_display_name,
            self.resource_display_name,
            self.ip_address,
            status.error_code,
            status.failure_reason,
            self.conditional_access_status,
            self.correlation_id,
        )


class _Identity(Wire):
    id: Text | None = None
    display_name: Text | None = None


class _ErrorInformation(Wire):
    error_code: Text | None = None
    reason: Text | None = None


class _ProvisioningStatus(Wire):
    status: Text | None = None
    error_information: _ErrorInformation | None = None


class ProvisioningLogWire(Wire):
    """A `provisioningObjectSummary`."""

    id: Text | None = None
    activity_date_time: datetime | None = None
    job_id: Text | None = None
    provisioning_action: Text | None = None
    provisioning_status_info: _ProvisioningStatus | None = None
    service_principal: _Identity | None = None
    source_identity: _Identity | None = None
    target_identity: _Identity | None = None

    def row(self) -> ProvisioningLogRow | None:
        """What a job did to one object, as stored; None where it stands nowhere."""
        at = utc(self.activity_date_time)
        if not _is_key(self.id) or at is None:
            return None
        status = self.provisioning_status_info or _ProvisioningStatus()
        error = status.error_information or _ErrorInformation()
        job_of = self.service_principal or _Identity()
        source = self.source_identity or _Identity()
        target = self.target_identity or _Identity()
        return ProvisioningLogRow(
            self.id,
            at,
            self.job_id,
            _guid_or_none(job_of.id),
            job_of.display_name,
            self.provisioning_action,
            status.status,
            error.error_code,
            error.reason,
            source.id,
            source.display_name,
            target.display_name,
        )


def _guid_or_none(text: str | None) -> UUID | None:
    """A GUID that Graph declares as text; None for what is none, or all zeros.

    Many services write into one log: an odd ID is not worth the entry, or the log.
    """
    try:
        guid = UUID(text or "")
    except ValueError:
        return None
    return None if guid == _NOBODY else guid


def _is_key(id: str | None) -> TypeGuard[str]:
    return bool(id) and len(id or "") <= MAX_KEY
