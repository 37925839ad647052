"""Which permissions are missed, which only could be added, and which help nowhere."""

import pytest

from bot.domain.clouds import Cloud
from bot.domain.needs import ALWAYS_WANTED, NEEDS, Feature, Need
from bot.domain.permissions import AppRole, PermissionReport
from bot.domain.readings import READINGS
from bot.views.permissions import advice, feature_text, wanted_features

pytestmark = pytest.mark.quick

OF_READING = [need for need in NEEDS if need.feature is Feature.DIRECTORY]
ALWAYS = frozenset(str(need.role) for need in NEEDS if need.feature in ALWAYS_WANTED)
NATIONAL = (Cloud.GCC_HIGH, Cloud.DOD, Cloud.CHINA)


def report(*granted: str, **changes: frozenset[str] | Cloud) -> PermissionReport:
    """With what is always wanted, and these."""
    return PermissionReport(ALWAYS.union(granted), **changes)  # type: ignore[arg-type]  # one helper for all fields


def named(needs: tuple[Need, ...]) -> list[str]:
    """The permissions' names."""
    return [str(need.role) for need in needs]


def test_what_is_named_is_enough_to_read_everything() -> None:
    granted = ALWAYS.union(str(need.role) for need in OF_READING)

    assert {each: r.missing(granted) for each, r in READINGS.items()} == {
        each: [] for each in READINGS
    }


@pytest.mark.parametrize("need", OF_READING, ids=lambda need: need.role)
def test_a_broader_permission_serves_for_all_that_the_least_one_does(
    need: Need,
) -> None:
    for broader in need.covered_by:
        lacking = {r for each in READINGS.values() for r in each.missing([broader])}
        assert need.role not in lacking, broader


@pytest.mark.parametrize("need", OF_READING, ids=lambda need: need.role)
def test_each_adds_a_data_set(need: Need) -> None:
    """Or it would be asked for in vain."""
    others = ALWAYS.union(str(each.role) for each in OF_READING if each != need)
    others -= need.covered_by

    assert any(need.role in each.missing(others) for each in READINGS.values())


def test_reading_more_is_never_missed() -> None:
    """Nobody is warned of what they never wanted."""
    found = report()

    assert found.works(Feature.DIRECTORY)
    assert not found.wants(Feature.DIRECTORY)
    missing = named(found.missing(Feature.DIRECTORY, optional=True))
    already = {"LicenseAssignment.Read.All"}  # Organization.Read.All serves
    assert {*missing, *already} == {str(need.role) for need in OF_READING}
    assert wanted_features(found) == ALWAYS_WANTED


def test_reading_people_is_not_yet_offboarding_them() -> None:
    """Whoever only reads is not told that permissions for offboarding are missing."""
    reading = [str(need.role) for need in OF_READING]

    assert not report(*reading).wants(Feature.DEPROVISIONING)
    assert report("User.RevokeSessions.All").wants(Feature.DEPROVISIONING)
    asked = report(requested=frozenset({"User.EnableDisableAccount.All"}))
    assert asked.wants(Feature.DEPROVISIONING)
    assert report().wants(Feature.DEPROVISIONING, ["User.RevokeSessions.All"])


def test_what_a_cloud_lacks_is_neither_missed_nor_offered() -> None:
    """Told apart, in one line."""
    here = report(cloud=Cloud.GCC_HIGH)

    text = feature_text(here, Feature.DIRECTORY)

    assert named(here.absent(Feature.DIRECTORY)) == [
        "IdentityProvider.Read.All",
        "Reports.Read.All",
    ]
    assert "1 of 12 granted; each is optional" in text
    assert text.splitlines()[-1] == (
        ":heavy_minus_sign: Nothing to add in US Government GCC High: "
        "`IdentityProvider.Read.All`, `Reports.Read.All`"
    )
    assert text.count("`Reports.Read.All`") == 1
    assert AppRole.REPORTS_READ_ALL not in here.left_out()
    assert "Nothing to add" not in feature_text(report(), Feature.DIRECTORY)


@pytest.mark.parametrize("cloud", NATIONAL)
def test_what_is_asked_for_in_vain_is_not_nagged_about(cloud: Cloud) -> None:
    """Requested in a cloud that has no such reports: consent would help nobody."""
    asked = frozenset({"Reports.Read.All"})

    assert advice(report(requested=asked, delegated=asked, cloud=cloud)) == []
    assert len(advice(report(requested=asked, delegated=asked))) == 2


def test_a_china_tenant_does_without_temporary_access_passes() -> None:
    """There are none, so they are no missing permission."""
    granted = {
        str(need.role) for need in NEEDS if need.feature is Feature.PROVISIONING
    } - {"UserAuthMethod-TAP.ReadWrite.All"}

    assert report(*granted, cloud=Cloud.CHINA).works(Feature.PROVISIONING)
    assert not report(*granted).works(Feature.PROVISIONING)


def test_each_says_what_it_adds_and_what_is_there_already() -> None:
    text = feature_text(
        report(
            "RoleManagement.Read.Directory", requested=frozenset({"AuditLog.Read.All"})
        ),
        Feature.DIRECTORY,
    )

    assert ":white_circle: `Synchronization.Read.All`: see which apps' prov" in text
    assert (
        ":white_check_mark: `RoleEligibilitySchedule.Read.Directory` (through "
        "`RoleManagement.Read.Directory`): see who may activate"
    ) in text
    assert ":white_circle: `AuditLog.Read.All` (requested, consent not granted)" in text
    assert ":x:" not in text
    assert len(text) < 3000
