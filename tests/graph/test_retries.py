"""What is tried again, how long is waited, and what must never be repeated blindly."""

from datetime import timedelta

import pytest

from bot.graph.client import GraphClient
from bot.graph.errors import (
    GraphError,
    ObjectNotFoundError,
    PermissionMissingError,
    PrivilegedTargetError,
    ThrottledError,
    UnavailableError,
    UnknownOutcomeError,
    UnlicensedError,
    WriteRefusal,
    WriteRefusedError,
)
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.users import get_user, revoke_sessions, set_account_enabled
from tests.graph.house import DANA, PRIYA, House, user

USERS = "/users"


def enabled(house: House) -> bool:
    return bool(house.entra.tenant.users[str(DANA)]["accountEnabled"])


def writes(house: House) -> int:
    return sum(line.startswith("PATCH") for line in house.asked())


async def test_retry_after_is_obeyed_to_the_second(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.throttle(times=2, retry_after=17)

    await organization(graph)

    assert house.clock.slept == [17, 17]


async def test_without_retry_after_the_waits_grow_at_random(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.throttle(times=4, retry_after=None)

    await organization(graph)

    waits = house.clock.slept
    assert len(waits) == 4
    for number, wait in enumerate(waits, start=1):
        ceiling = 0.5 * 2**number
        assert ceiling / 2 <= wait <= ceiling


async def test_a_wait_longer_than_patience_is_told_at_once(house: House) -> None:
    house.entra.faults.throttle(times=1, retry_after=300)

    with pytest.raises(ThrottledError) as caught:
        await organization(house.client(patience=INTERACTIVE))

    assert caught.value.retry_after == timedelta(seconds=300)
    assert caught.value.request_id
    assert "300 seconds" in caught.value.remedy
    assert house.clock.slept == []


async def test_attempts_are_bounded(house: House) -> None:
    house.entra.faults.unavailable(times=100)

    with pytest.raises(UnavailableError) as caught:
        await organization(house.client(patience=INTERACTIVE))

    assert len(house.asked()) == INTERACTIVE.attempts
    assert caught.value.status == 503
    assert caught.value.request_id
    assert caught.value.request_id in caught.value.message


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_reads_survive_a_failing_service(
    house: House, graph: GraphClient, status: int
) -> None:
    house.entra.faults.unavailable(times=2, status=status)

    assert (await get_user(graph, DANA)).id == DANA


async def test_reads_survive_a_broken_connection(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.reset_before_apply(times=2, path=USERS)

    assert (await get_user(graph, DANA)).id == DANA


async def test_writes_are_throttled_and_refused_early_without_harm(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.throttle(times=1, path=USERS)
    house.entra.faults.unavailable(times=1, path=USERS, retry_after=3)

    await set_account_enabled(graph, DANA, False)

    assert not enabled(house)
    assert house.clock.slept == [1, 3]


async def test_concurrent_writes_are_tried_again(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.concurrency_violation(times=2)

    await set_account_enabled(graph, DANA, False)

    assert not enabled(house)
    assert writes(house) == 3


async def test_a_write_whose_answer_was_lost_is_not_repeated(
    house: House, graph: GraphClient
) -> None:
    """It was carried out; only a read-back can tell."""
    house.entra.faults.reset_after_apply(times=1)

    with pytest.raises(UnknownOutcomeError):
        await set_account_enabled(graph, DANA, False)

    assert writes(house) == 1
    assert not enabled(house)


async def test_nor_one_that_was_lost_on_its_way(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.reset_before_apply(times=1, path=USERS)

    with pytest.raises(UnknownOutcomeError):
        await set_account_enabled(graph, DANA, False)

    assert writes(house) == 1
    assert enabled(house)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_nor_one_that_the_service_failed_at(
    house: House, graph: GraphClient, status: int
) -> None:
    house.entra.faults.unavailable(times=1, status=status, path=USERS)

    with pytest.raises(UnknownOutcomeError) as caught:
        await set_account_enabled(graph, DANA, False)

    assert caught.value.status == status
    assert writes(house) == 1


async def test_a_slow_write_is_of_unknown_outcome(house: House) -> None:
    graph = house.client()
    await graph.granted()
    hurried = graph.with_patience(
        type(INTERACTIVE)(3, timedelta(seconds=5), timedelta(milliseconds=80))
    )
    house.entra.faults.slow(400, path=USERS)

    with pytest.raises(UnknownOutcomeError):
        await set_account_enabled(hurried, DANA, False)


async def test_a_server_that_is_not_there_was_never_written_to(house: House) -> None:
    graph = house.client(patience=INTERACTIVE)
    await graph.granted()
    nowhere = GraphClient(
        type(graph.hosts)(
            graph.hosts.cloud,
            graph.hosts.login,
            "https://127.0.0.1:9",
            graph.hosts.portal,
            graph.hosts.entra_portal,
        ),
        graph._caller.sign_in,
        graph._caller.http,
        house.clock,
        patience=INTERACTIVE,
    )

    with pytest.raises(UnavailableError, match="cannot be reached"):
        await set_account_enabled(nowhere, DANA, False)

    assert len(house.clock.slept) == INTERACTIVE.attempts - 1


async def test_a_missing_permission_is_named(house: House) -> None:
    house.only("Application.Read.All")

    with pytest.raises(PermissionMissingError) as caught:
        await organization(house.client())

    assert caught.value.role == "Organization.Read.All"
    assert caught.value.status == 403
    assert caught.value.graph_code == "Authorization_RequestDenied"


async def test_a_broader_permission_serves(house: House) -> None:
    house.only("Directory.Read.All")

    assert (await organization(house.client())).display_name == "Contoso Ltd"


async def test_consent_given_while_running_is_found_by_itself(
    house: House, graph: GraphClient
) -> None:
    house.only("Application.Read.All")
    await graph.granted()
    house.also("Organization.Read.All")

    with pytest.raises(PermissionMissingError):
        await organization(graph)  # too soon: no sign-in for each refusal
    house.clock.ahead += timedelta(minutes=2)

    assert (await organization(graph)).display_name == "Contoso Ltd"
    assert house.sign_ins() == 2


async def test_an_administrator_is_told_from_a_missing_permission(
    house: House, graph: GraphClient
) -> None:
    with pytest.raises(PrivilegedTargetError) as caught:
        await set_account_enabled(graph, PRIYA, False)

    assert "Privileged Authentication Administrator" in caught.value.remedy
    assert caught.value.status == 403

    house.only("User.Read.All")
    with pytest.raises(PermissionMissingError):
        await set_account_enabled(house.client(), PRIYA, False)


async def test_a_named_permission_of_the_reporting_services(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.error(
        403,
        "Authentication_MSGraphPermissionMissing",
        "The principal does not have required Microsoft Graph permission(s): "
        "AuditLog.Read.All to call this API.",
    )

    with pytest.raises(PermissionMissingError) as caught:
        await get_user(graph, DANA)

    assert caught.value.role == "AuditLog.Read.All"


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither…"),
        (400, "AadPremiumLicenseRequired", "…"),
        (400, "BadRequest", "Request not applicable to target tenant."),
    ],
)
async def test_a_missing_licence(
    house: House, graph: GraphClient, status: int, code: str, message: str
) -> None:
    house.entra.faults.error(status, code, message)

    with pytest.raises(UnlicensedError):
        await get_user(graph, DANA)


async def test_a_refused_read_with_the_permission_is_not_called_missing(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.error(403, "Authorization_RequestDenied", "No.")

    with pytest.raises(GraphError) as caught:
        await get_user(graph, DANA)

    assert type(caught.value) is GraphError


async def test_somebody_who_is_not_there(graph: GraphClient) -> None:
    with pytest.raises(ObjectNotFoundError) as caught:
        await get_user(graph, user("nobody"))

    assert caught.value.graph_code == "Request_ResourceNotFound"


async def test_a_protected_synced_account(house: House, graph: GraphClient) -> None:
    house.entra.faults.protect_synced()
    tomas = user("tomas")
    house.entra.tenant.users[str(tomas)]["onPremisesSyncEnabled"] = True

    with pytest.raises(WriteRefusedError) as caught:
        await set_account_enabled(graph, tomas, False)

    assert caught.value.reason is WriteRefusal.SYNCED


async def test_a_question_graph_does_not_accept(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.error(
        400, "BadRequest", "Could not find a property named 'shoeSize'."
    )

    with pytest.raises(GraphError) as caught:
        await get_user(graph, DANA)

    assert "shoeSize" in caught.value.message
    assert caught.value.request_id


async def test_headers_of_every_call(house: House, graph: GraphClient) -> None:
    house.entra.faults.throttle(times=1)
    await revoke_sessions(graph.with_priority("high"), DANA)

    entries = [e for e in house.entra.journal.since() if e.service == "graph"]
    ids = {entry.headers["client-request-id"] for entry in entries}
    assert len(entries) == 2
    assert len(ids) == 1  # one call, tried twice
    assert {e.headers["x-ms-throttle-priority"] for e in entries} == {"high"}
