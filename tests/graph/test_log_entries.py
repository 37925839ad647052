"""Entries of logs become rows; odd ones are named or left out, and nothing crashes."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.activity_rows import DirectoryAuditRow, ProvisioningLogRow, SignInRow
from bot.domain.directory import DataSet
from bot.domain.rows import ROWS
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import made
from bot.graph.decoding.values import MAX_KEY
from bot.graph.errors import UnreadableFieldError
from bot.graph.logs import LOGS
from tests.graph.odd_json import ID, json_values, names_in, page

AT = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
TIME = "2026-03-01T08:30:00.1234560Z"


def rows(data_set: DataSet, *entries: dict[str, Any]) -> list[Any]:
    """The rows of these entries, None where one has none."""
    decoded = PageDecoder(data_set, LOGS[data_set].item).decode(page(*entries))
    return made(data_set, lambda: [entry.row() for entry in decoded.value])


def row(data_set: DataSet, **fields: Any) -> Any:
    """The row of one entry that has an ID and a time."""
    entry = {"id": "e1", LOGS[data_set].time: TIME, **fields}
    return rows(data_set, entry)[0]


def test_a_change_tells_who_did_what_to_whom() -> None:
    told = row(
        DataSet.DIRECTORY_AUDITS,
        activityDisplayName="Consent to application",
        category="ApplicationManagement",
        result="failure",
        resultReason="Risky application detected",
        initiatedBy={
            "app": None,
            "user": {"id": ID, "userPrincipalName": "ada@contoso.example"},
        },
        targetResources=[
            {
                "id": "t1",
                "displayName": "Payroll",
                "type": "ServicePrincipal",
                "modifiedProperties": [{"oldValue": "secret", "newValue": "secret"}],
            },
            {"id": "t2", "userPrincipalName": "lee@contoso.example", "type": "User"},
        ],
        correlationId="c1",
    )

    assert told == DirectoryAuditRow(
        "e1", AT, "Consent to application", "ApplicationManagement", "failure",
        "Risky application detected", "ada@contoso.example", ID,
        json.dumps(
            [
                {"id": "t1", "name": "Payroll", "type": "ServicePrincipal"},
                {"id": "t2", "name": "lee@contoso.example", "type": "User"},
            ],
            separators=(",", ":"),
        ),
        "c1",
    )  # fmt: skip
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    ("by", "name", "id"),
    [
        ({"user": {"displayName": "Ada"}, "app": None}, "Ada", None),
        (
            {"app": {"displayName": "Sync", "servicePrincipalId": "s1"}, "user": None},
            "Sync",
            "s1",
        ),
        ({"app": {"servicePrincipalName": "sync"}}, "sync", None),
        ({"user": {"id": "", "userPrincipalName": ""}}, None, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_an_app_or_nobody_may_have_done_it(
    by: Any, name: str | None, id: str | None
) -> None:
    told = row(DataSet.DIRECTORY_AUDITS, initiatedBy=by)

    assert (told.initiated_by, told.initiator_id) == (name, id)


def test_a_sign_in_tells_why_it_failed() -> None:
    told = row(
        DataSet.SIGN_INS,
        userId=ID,
        userPrincipalName="ada@contoso.example",
        appId=ID,
        appDisplayName="Payroll",
        resourceDisplayName="Microsoft Graph",
        ipAddress="2001:db8::1",
        status={"errorCode": 65001, "failureReason": "No consent."},
        conditionalAccessStatus="notApplied",
        correlationId="c1",
    )

    assert told == SignInRow(
        "e1", AT, UUID(ID), "ada@contoso.example", UUID(ID), "Payroll",
        "Microsoft Graph", "2001:db8::1", 65001, "No consent.", "notApplied", "c1",
    )  # fmt: skip


@pytest.mark.parametrize("id", ["", "none", "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_is_none_costs_nobody_the_entry(id: str) -> None:
    told = row(DataSet.SIGN_INS, userId=id, appId=id)

    assert (told.user_id, told.client_id) == (None, None)


def test_provisioning_tells_what_became_of_whom() -> None:
    told = row(
        DataSet.PROVISIONING_LOGS,
        jobId="scim.1",
        provisioningAction="create",
        provisioningStatusInfo={
            "status": "failure",
            "errorInformation": {"errorCode": "Conflict", "reason": "Exists already."},
        },
        servicePrincipal={"id": ID, "displayName": "Payroll"},
        sourceIdentity={"id": "u1", "displayName": "Ada", "identityType": "User"},
        targetIdentity={"id": "", "displayName": "ada"},
    )

    assert told == ProvisioningLogRow(
        "e1", AT, "scim.1", UUID(ID), "Payroll", "create", "failure", "Conflict",
        "Exists already.", "u1", "Ada", "ada",
    )  # fmt: skip


@pytest.mark.parametrize("data_set", LOGS)
def test_all_but_id_and_time_may_be_missing(data_set: DataSet) -> None:
    names = names_in(LOGS[data_set].item)
    nulls = dict.fromkeys(name for name in names if name != "id")
    nulls.pop(LOGS[data_set].time)

    assert row(data_set, **nulls) == row(data_set)
    assert rows(data_set, {"id": "e1"}, {LOGS[data_set].time: TIME}) == [None, None]


@pytest.mark.parametrize("data_set", LOGS)
def test_an_id_too_long_for_a_key_costs_that_entry_alone(data_set: DataSet) -> None:
    entry = {LOGS[data_set].time: TIME}
    long, longest = {"id": "e" * (MAX_KEY + 1)}, {"id": "e" * MAX_KEY}

    told = rows(data_set, entry | long, entry | longest)

    assert [each and each[0] for each in told] == [None, "e" * MAX_KEY]


@pytest.mark.parametrize("data_set", LOGS)
def test_what_is_asked_for_is_what_is_read(data_set: DataSet) -> None:
    log = LOGS[data_set]

    assert sorted(log.select.split(",")) == sorted(names_in(log.item))


@settings(max_examples=300, deadline=None)
@given(data=st.data(), data_set=st.sampled_from(list(LOGS)))
def test_any_json_gives_rows_or_names_the_field(
    data: st.DataObject, data_set: DataSet
) -> None:
    names = [*names_in(LOGS[data_set].item), "x"]
    entry = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=6))
    if data.draw(st.booleans()):
        entry |= {"id": "e1", LOGS[data_set].time: TIME}

    outcome = _outcome(data_set, entry)

    if isinstance(outcome, UnreadableFieldError):
        assert outcome.data_set is data_set
        assert outcome.field in outcome.message
    else:
        (told,) = outcome
        assert told is None or type(told) is ROWS[data_set]
        assert "\0" not in str(told)
        str(told).encode()  # nothing that cannot be stored


def _outcome(
    data_set: DataSet, entry: dict[str, Any]
) -> list[Any] | UnreadableFieldError:
    try:
        return rows(data_set, entry)
    except UnreadableFieldError as error:
        return error
