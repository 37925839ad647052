"""Devices, sign-ins, jobs and schedules: what "never" and "none" look like."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bot.domain.activity_rows import ProvisioningJobRow
from bot.domain.directory import DataSet
from bot.graph.data_sets import COLLECTIONS, OWNED
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import rows_of
from bot.graph.errors import UnreadableFieldError
from tests.graph.odd_json import ID, page

NEVER = "0001-01-01T00:00:00Z"
NOBODY = "00000000-0000-0000-0000-000000000000"
THEN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def row(data_set: DataSet, **fields: Any) -> Any:
    """An object with these properties, as a row."""
    body = page({"id": ID, **fields})
    told = PageDecoder(data_set, COLLECTIONS[data_set].item).decode(body)
    (found,) = rows_of(data_set, told.value)
    return found


def job(**status: Any) -> ProvisioningJobRow:
    """A provisioning job in this status, as a row."""
    body = page({"id": "Scim.1", "templateId": "scim", "status": status})
    decoder = PageDecoder(DataSet.PROVISIONING_JOBS, OWNED[_JOBS].item)
    (found,) = decoder.decode(body).value
    made: ProvisioningJobRow = found.row_in(UUID(int=1))
    return made


_JOBS = DataSet.PROVISIONING_JOBS


def test_who_never_signed_in_has_no_times() -> None:
    nothing = (UUID(ID), None, None, None)
    never = {"lastSignInDateTime": NEVER, "lastSuccessfulSignInDateTime": None}

    assert row(DataSet.SIGN_IN_ACTIVITY, signInActivity=None) == nothing
    assert row(DataSet.SIGN_IN_ACTIVITY) == nothing
    assert row(DataSet.SIGN_IN_ACTIVITY, signInActivity=never) == nothing


def test_each_kind_of_sign_in_has_its_time() -> None:
    activity = {
        "lastSignInDateTime": "2026-03-01T08:30:00Z",
        "lastNonInteractiveSignInDateTime": "2026-03-01T10:30:00+02:00",
        "lastSuccessfulSignInDateTime": NEVER,
        "lastSignInRequestId": "x",
    }

    read = row(DataSet.SIGN_IN_ACTIVITY, signInActivity=activity)

    assert read == (UUID(ID), THEN, THEN, None)


def test_a_job_in_quarantine_says_why_and_since_when() -> None:
    read = job(
        code="Quarantine",
        quarantine={
            "reason": "EncounteredQuarantineException",
            "currentBegan": "2026-03-01T08:30:00Z",
            "error": {"code": "InvalidCredentials"},
        },
        lastExecution={
            "state": "Failed",
            "timeEnded": "2026-03-01T08:30:00Z",
            "error": {"code": "InvalidCredentials", "message": "Sign in again."},
        },
        steadyStateLastAchievedTime=NEVER,
    )

    assert read == ProvisioningJobRow(
        service_principal_id=UUID(int=1),
        id="Scim.1",
        template="scim",
        status="Quarantine",
        schedule_state=None,
        quarantine_reason="EncounteredQuarantineException",
        quarantined_at=THEN,
        last_result="Failed",
        last_error="InvalidCredentials: Sign in again.",
        last_ended_at=THEN,
        steady_at=None,
    )


def test_a_job_that_never_ran() -> None:
    read = job(code="NotRun", quarantine=None, lastExecution=None)

    assert (read.status, read.last_result, read.last_error) == ("NotRun", None, None)
    assert (read.quarantined_at, read.last_ended_at) == (None, None)


def test_half_an_error_is_told_without_the_other_half() -> None:
    assert job(lastExecution={"error": {"code": "Busy"}}).last_error == "Busy"
    assert job(lastExecution={"error": {"message": "Off."}}).last_error == "Off."
    assert job(lastExecution={"error": {}}).last_error is None


def test_what_intune_leaves_empty_is_not_told() -> None:
    read = row(
        DataSet.MANAGED_DEVICES,
        deviceName="",
        userId="",
        userPrincipalName="",
        azureADDeviceId=NOBODY,
        serialNumber="",
        lastSyncDateTime=NEVER,
    )

    assert set(read[1:]) == {None}


def test_a_managed_device_names_its_user_and_its_device() -> None:
    other = str(UUID(int=5))
    read = row(
        DataSet.MANAGED_DEVICES,
        userId=ID,
        azureADDeviceId=other,
        osVersion="14.2",
        complianceState="noncompliant",
        managedDeviceOwnerType="company",
        lastSyncDateTime="2026-03-01T08:30:00.0000000Z",
    )

    assert (read.user_id, read.device_id) == (UUID(ID), UUID(other))
    assert (read.operating_system_version, read.compliance) == ("14.2", "noncompliant")
    assert (read.owner_type, read.last_sync_at) == ("company", THEN)


@pytest.mark.parametrize(
    ("data_set", "field"),
    [
        (DataSet.MANAGED_DEVICES, "userId"),
        (DataSet.MANAGED_DEVICES, "azureADDeviceId"),
        (DataSet.DEVICES, "deviceId"),
    ],
)
def test_a_text_that_should_be_a_guid_is_named(data_set: DataSet, field: str) -> None:
    with pytest.raises(UnreadableFieldError) as caught:
        row(data_set, **{field: "laptop-17"})

    assert (caught.value.data_set, caught.value.field) == (data_set, field)


def test_a_device_that_never_signed_in() -> None:
    read = row(
        DataSet.DEVICES,
        deviceId=ID,
        displayName="LAPTOP-17",
        trustType="AzureAd",
        approximateLastSignInDateTime=NEVER,
        registrationDateTime="2026-03-01T08:30:00Z",
    )

    assert (read.device_id, read.display_name) == (UUID(ID), "LAPTOP-17")
    assert (read.last_sign_in_at, read.registered_at) == (None, THEN)


def test_an_eligible_role_without_end() -> None:
    who = {"roleDefinitionId": ID, "principalId": ID}
    read = row(
        DataSet.ROLE_ELIGIBILITIES,
        **who,
        directoryScopeId="/",
        memberType="Group",
        startDateTime="2026-03-01T08:30:00Z",
        endDateTime=None,
    )

    assert (read.member_type, read.assignment_type) == ("Group", None)
    assert (read.starts_at, read.ends_at) == (THEN, None)


def test_registered_methods_read_the_same_in_any_order() -> None:
    told = {
        row(DataSet.REGISTRATIONS, methodsRegistered=methods).methods
        for methods in (["sms", "fido2"], ["fido2", "sms"])
    }

    assert told == {'["fido2","sms"]'}
    assert row(DataSet.REGISTRATIONS, methodsRegistered=[]).methods == "[]"
    assert row(DataSet.REGISTRATIONS).methods is None


def test_an_identity_provider_leaves_its_secret_behind() -> None:
    read = row(
        DataSet.IDENTITY_PROVIDERS,
        id="Google-OAUTH",
        displayName="Google",
        identityProviderType="Google",
        clientId="client",
        clientSecret="******",
        **{"@odata.type": "microsoft.graph.socialIdentityProvider"},
    )

    assert read == ("Google-OAUTH", "Google", "socialIdentityProvider", "Google")
