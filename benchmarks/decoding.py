"""`python -m benchmarks.decoding`: one page of 999 users, from the wire to rows.

Asks the same page again and again over TLS on loopback, and turns its bytes into
values in the ways that were to choose from.
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from benchmarks.bulk_process import BulkAddress, bulk_process
from benchmarks.measuring import Work, alternated, begin, quantile, say_table
from bot.domain.directory import DataSet
from bot.domain.directory_rows import UserRow
from bot.domain.rows import DirectoryRow
from bot.graph.data_sets import COLLECTIONS
from bot.graph.decoding.pages import Page, PageDecoder
from bot.graph.decoding.people import UserWire
from bot.graph.decoding.rows import rows_of
from bot.graph.decoding.values import json_text
from bot.graph.transport import async_client

USERS = 2_000
OURS = "our decoder, to rows"


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Licence(_Model):
    sku_id: UUID | None = None
    assigned_by_group: UUID | None = None


class _Manager(_Model):
    id: UUID


class _User(_Model):
    """The same fields as `UserWire`, as pydantic has them."""

    id: UUID
    display_name: str | None = None
    user_principal_name: str | None = None
    mail: str | None = None
    account_enabled: bool | None = None
    user_type: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    usage_location: str | None = None
    on_premises_sync_enabled: bool | None = None
    employee_id: str | None = None
    manager: _Manager | None = None
    license_assignment_states: list[_Licence] | None = None
    created_date_time: datetime | None = None


class _Users(BaseModel):
    value: list[_User]


def rows_of_dicts(body: bytes) -> list[DirectoryRow]:
    """The rows that our decoder makes, made by hand from json's dictionaries."""
    return [_row(user) for user in json.loads(body)["value"]]


def _row(user: Mapping[str, Any]) -> UserRow:
    created, manager = user.get("createdDateTime"), user.get("manager")
    return UserRow(
        UUID(user["id"]),
        user.get("displayName"),
        user.get("userPrincipalName"),
        user.get("mail"),
        user.get("accountEnabled"),
        user.get("userType"),
        user.get("jobTitle"),
        user.get("department"),
        user.get("companyName"),
        user.get("usageLocation"),
        user.get("onPremisesSyncEnabled"),
        user.get("employeeId"),
        UUID(manager["id"]) if manager else None,
        _licences(user.get("licenseAssignmentStates")),
        datetime.fromisoformat(created) if created else None,
    )


def _licences(states: list[dict[str, Any]] | None) -> str | None:
    if states is None:
        return None
    pairs = {(state["skuId"], state["assignedByGroup"]) for state in states}
    return json_text(sorted(pairs, key=lambda pair: (pair[0], pair[1] or "")))


def contenders(body: bytes, fetch: Callable[[], Awaitable[bytes]]) -> dict[str, Work]:
    """All ways of reading one page."""
    ours = PageDecoder(DataSet.USERS, UserWire)
    structs = msgspec.json.Decoder(Page[UserWire])
    return {
        "httpx, to bytes (no decoding)": fetch,
        "json.loads, to dictionaries": lambda: json.loads(body),
        "json.loads, to the same rows": lambda: rows_of_dicts(body),
        "pydantic, to models": lambda: _Users.model_validate_json(body),
        "msgspec, to structs": lambda: structs.decode(body),
        OURS: lambda: rows_of(DataSet.USERS, ours.decode(body).value),
    }


def check_equal(body: bytes) -> None:
    """Both ways to rows must end in the same rows, or the comparison is none.

    Raises:
        ValueError: they do not.
    """
    decoder = PageDecoder(DataSet.USERS, UserWire)
    if rows_of(DataSet.USERS, decoder.decode(body).value) != rows_of_dicts(body):
        raise ValueError("json and our decoder read different rows from one page")


async def measure(address: BulkAddress, rounds: int) -> None:
    """Take the samples, and print them."""
    url = f"{address.entra}/v1.0{COLLECTIONS[DataSet.USERS].request().target}"
    signed = {"Authorization": f"Bearer {address.token}"}
    async with async_client(Path(address.ca)) as http:

        async def fetch() -> bytes:
            return (await http.get(url, headers=signed)).raise_for_status().content

        body = await fetch()
        check_equal(body)
        samples = await alternated(contenders(body, fetch), rounds)
    say_samples(body, samples)


def say_samples(body: bytes, samples: Mapping[str, Sequence[float]]) -> None:
    """Print medians, and how they compare with ours."""
    medians = {name: quantile(taken, 0.5) for name, taken in samples.items()}
    users = len(json.loads(body)["value"])
    say_table(
        f"One page of {users} users, {len(body) / 1024:.0f} KiB",
        ("", "median ms", "p90 ms", "of our decoder"),
        [
            (
                name,
                f"{median * 1000:.2f}",
                f"{quantile(samples[name], 0.9) * 1000:.2f}",
                f"{median / medians[OURS]:.2f}",
            )
            for name, median in medians.items()
        ],
    )


async def run(rounds: int) -> None:
    """Serve a small directory without latency, and measure."""
    begin()
    async with bulk_process(USERS, latency_ms=0, throttled=False) as bulk:
        await measure(bulk.address, rounds)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    asyncio.run(run(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
