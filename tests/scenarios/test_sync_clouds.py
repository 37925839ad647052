"""What becomes of each data set in each cloud, and without what it needs."""

import re
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.app_roles import AppRole as R
from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, Standing
from bot.domain.readings import READINGS
from bot.domain.subjects import LICENCES
from sandbox.graph.tenant import Tenant
from sandbox.seeds.entra import demo_tenant
from tests.scenarios.cloud_desk import CloudDesk, Standings, open_cloud_desk

PAGE = Path(__file__).parents[2] / "docs/directory.md"
US_GOVERNMENT = (Cloud.GCC_HIGH, Cloud.DOD)
NATIONAL = (*US_GOVERNMENT, Cloud.CHINA)
GRANTED = frozenset(
    {
        R.APPLICATION_READ_ALL,
        R.AUDIT_LOG_READ_ALL,
        R.DEVICE_READ_ALL,
        R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL,
        R.DIRECTORY_READ_ALL,
        R.GROUP_MEMBER_READ_ALL,
        R.IDENTITY_PROVIDER_READ_ALL,
        R.LICENSE_ASSIGNMENT_READ_ALL,
        R.ORGANIZATION_READ_ALL,
        R.PROVISIONING_LOG_READ_ALL,
        R.REPORTS_READ_ALL,
        R.ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY,
        R.ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY,
        R.ROLE_MANAGEMENT_READ_DIRECTORY,
        R.SYNCHRONIZATION_READ_ALL,
        R.USER_READ_ALL,
    }
)
OF_NO_USE = R.USER_AUTHENTICATION_METHOD_READ_ALL


@dataclass(frozen=True)
class Fate:
    """What becomes of a data set; all else is `current`.

    Attributes:
        absent: clouds that do not have it.
        bought: whether it needs a licence.
        alone: permissions without any one of which it is not permitted, though all
            others of `GRANTED` are there.
        narrow: the same where `Directory.Read.All` is not there either.
    """

    absent: tuple[Cloud, ...] = ()
    bought: bool = False
    alone: tuple[R, ...] = ()
    narrow: tuple[R, ...] = ()


APPS, AUDIT = (R.APPLICATION_READ_ALL,), (R.AUDIT_LOG_READ_ALL,)
GROUPS, ROLES = (R.GROUP_MEMBER_READ_ALL,), (R.ROLE_MANAGEMENT_READ_DIRECTORY,)
INTUNE = (R.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL,)
REPORTS, VOUCHING = (R.REPORTS_READ_ALL,), (R.IDENTITY_PROVIDER_READ_ALL,)
JOBS = (R.SYNCHRONIZATION_READ_ALL,)
USERS, DEVICES = (R.USER_READ_ALL,), (R.DEVICE_READ_ALL,)
GRANTS = (R.DIRECTORY_READ_ALL,)
FATES: dict[DataSet, Fate] = {
    DataSet.ORGANIZATION: Fate(),  # either of two permissions is enough
    DataSet.USERS: Fate(narrow=USERS),
    DataSet.GROUPS: Fate(narrow=GROUPS),
    DataSet.MEMBERSHIPS: Fate(narrow=GROUPS),
    DataSet.GROUP_OWNERS: Fate(narrow=GROUPS),
    DataSet.SUBSCRIBED_SKUS: Fate(),
    DataSet.IDENTITY_PROVIDERS: Fate(US_GOVERNMENT, alone=VOUCHING, narrow=VOUCHING),
    DataSet.APPLICATIONS: Fate(narrow=APPS),
    DataSet.APPLICATION_OWNERS: Fate(narrow=APPS),
    DataSet.FEDERATED_CREDENTIALS: Fate(alone=APPS, narrow=APPS),
    DataSet.SERVICE_PRINCIPALS: Fate(narrow=APPS),
    DataSet.SERVICE_PRINCIPAL_OWNERS: Fate(narrow=APPS),
    DataSet.APP_ROLE_ASSIGNMENTS: Fate(narrow=APPS),
    DataSet.OAUTH_GRANTS: Fate(alone=GRANTS, narrow=GRANTS),
    DataSet.PROVISIONING_JOBS: Fate(alone=JOBS, narrow=(*APPS, *JOBS)),
    DataSet.ROLE_DEFINITIONS: Fate(narrow=ROLES),
    DataSet.ROLE_ASSIGNMENTS: Fate(narrow=ROLES),
    DataSet.ROLE_ELIGIBILITIES: Fate(bought=True),
    DataSet.ROLE_ACTIVATIONS: Fate(bought=True),
    DataSet.DEVICES: Fate(narrow=DEVICES),
    DataSet.MANAGED_DEVICES: Fate(bought=True, alone=INTUNE, narrow=INTUNE),
    DataSet.SIGN_IN_ACTIVITY: Fate(
        bought=True, alone=AUDIT, narrow=(*AUDIT, R.USER_READ_ALL)
    ),
    DataSet.REGISTRATIONS: Fate(bought=True, alone=AUDIT, narrow=AUDIT),
    DataSet.USAGE_OFFICE: Fate(NATIONAL, alone=REPORTS, narrow=REPORTS),
    DataSet.USAGE_TEAMS: Fate(NATIONAL, alone=REPORTS, narrow=REPORTS),
    DataSet.USAGE_APPS: Fate(NATIONAL, alone=REPORTS, narrow=REPORTS),
    DataSet.DIRECTORY_AUDITS: Fate(narrow=AUDIT),
    DataSet.SIGN_INS: Fate(bought=True, alone=AUDIT, narrow=AUDIT),
    DataSet.PROVISIONING_LOGS: Fate(bought=True),
}
NARROW = GRANTED - {R.DIRECTORY_READ_ALL}


@pytest.fixture(scope="module")
def seeded() -> Tenant:
    """The demo tenant, made once: its keys take a while."""
    return demo_tenant(datetime.now(UTC))


@pytest.fixture(params=Cloud)
async def desk(
    request: pytest.FixtureRequest, tmp_path: Path, seeded: Tenant
) -> AsyncIterator[CloudDesk]:
    """The tenant in a cloud, with all plans."""
    url = f"sqlite+aiosqlite:///{tmp_path}/clouds.db"
    async with open_cloud_desk(url, request.param, seeded) as opened:
        opened.licensed(everything=True)
        yield opened


def expected(
    cloud: Cloud,
    lost: Collection[DataSet] = (),
    unlicensed: Collection[DataSet] = (),
) -> dict[DataSet, Standing]:
    """How all must stand; what a cloud does not have is said before all else."""
    stand = dict.fromkeys(DataSet, Standing.CURRENT)
    stand |= dict.fromkeys(unlicensed, Standing.NOT_LICENSED)
    stand |= dict.fromkeys(lost, Standing.NOT_PERMITTED)
    absent = (each for each, fate in FATES.items() if cloud in fate.absent)
    return stand | dict.fromkeys(absent, Standing.NOT_IN_CLOUD)


def standings(found: Standings) -> dict[DataSet, Standing]:
    return {each: state.standing for each, state in found.items()}


async def test_with_everything_all_that_the_cloud_has_is_current(
    desk: CloudDesk,
) -> None:
    """Also when changes alone are read; what a cloud lacks is not even asked for."""
    found = await desk.stands(GRANTED, syncs=2)

    assert standings(found) == expected(desk.cloud)
    assert all(
        bool(state.rows) == (state.standing is Standing.CURRENT)
        for state in found.values()
    ), "each has rows to be current with"
    asked = " ".join(desk.asked())
    assert ("/reports/get" in asked) is (desk.cloud is Cloud.GLOBAL)
    assert ("/identityProviders" in asked) is (desk.cloud not in US_GOVERNMENT)


async def test_without_licences_the_rest_is_current(desk: CloudDesk) -> None:
    desk.licensed(everything=False)

    found = await desk.stands(GRANTED)

    bought = [each for each, fate in FATES.items() if fate.bought]
    assert standings(found) == expected(desk.cloud, unlicensed=bought)
    for each in bought:
        assert "no licence" in found[each].reason


async def test_each_permission_is_missed_by_what_needs_it_alone(
    desk: CloudDesk,
) -> None:
    """OAuth grants are all that `Directory.Read.All` is missed by."""
    for role in sorted(GRANTED):
        found = await desk.stands(GRANTED - {role})

        lost = [each for each, fate in FATES.items() if role in fate.alone]
        assert standings(found) == expected(desk.cloud, lost), role
        _say_what_to_grant(found, role)


async def test_without_the_broad_permission_each_other_one_counts(
    desk: CloudDesk,
) -> None:
    for role in sorted(NARROW):
        found = await desk.stands(NARROW - {role})

        lost = [each for each, fate in FATES.items() if role in fate.narrow]
        lost.append(DataSet.OAUTH_GRANTS)
        assert standings(found) == expected(desk.cloud, lost), role


@pytest.mark.parametrize("granted", [{OF_NO_USE}, set()], ids=["another", "none"])
async def test_without_any_permission_nothing_is(
    desk: CloudDesk, granted: set[R]
) -> None:
    """Told without asking; where a token tells no permission, by asking for each."""
    found = await desk.stands(granted)

    assert standings(found) == expected(desk.cloud, list(DataSet))
    assert bool(desk.asked()) == (not granted)


def _say_what_to_grant(found: Standings, role: R) -> None:
    for state in found.values():
        if state.standing is Standing.NOT_PERMITTED:
            assert f"not been granted {role}" in state.reason


@pytest.mark.quick
def test_the_table_is_about_all_that_is_read() -> None:
    """By what the product says of itself elsewhere."""
    assert set(FATES) == set(DataSet)
    assert {str(any_of[0]) for r in READINGS.values() for any_of in r.needs} == GRANTED
    assert {each for each, fate in FATES.items() if fate.bought} == set(LICENCES)


@pytest.mark.quick
def test_the_page_says_the_same() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## What becomes of each")[2]
    lines = re.findall(r"^\| `\w+` \|.*$", page.partition("\n## ")[0], re.MULTILINE)

    assert lines == [_line(each, FATES[each]) for each in FATES]


def _line(data_set: DataSet, fate: Fate) -> str:
    def here(cloud: Cloud) -> str:
        return "`not_in_cloud`" if cloud in fate.absent else "`current`"

    cells = (
        f"`{data_set}`",
        here(Cloud.GLOBAL),
        here(Cloud.GCC_HIGH),
        here(Cloud.CHINA),
        "`not_licensed`" if fate.bought else "`current`",
        _roles(fate.alone),
        _roles(fate.narrow),
    )
    return f"| {' | '.join(cells)} |"


def _roles(roles: tuple[R, ...]) -> str:
    return ", ".join(f"`{role}`" for role in roles) or "-"
