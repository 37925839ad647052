"""What a connection may do with what was granted, feature by feature."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.domain.app_roles import AppRole
from bot.domain.clouds import Cloud
from bot.domain.needs import ALWAYS_WANTED, NEEDS, Feature, Need

__all__ = (  # who asks about permissions finds all words for it here
    "ALWAYS_WANTED",
    "NEEDS",
    "AppRole",
    "Feature",
    "Need",
    "PermissionReport",
    "roles_meeting",
)


@dataclass(frozen=True)
class PermissionReport:
    """What one connection may do, feature by feature.

    Attributes:
        granted: names in the token's `roles` claim; empty when nothing is consented.
        delegated: names that the app registration requests as Delegated, which an
            app without a signed-in user can never use. None where the registration
            could not be read, so nothing can be said.
        requested: names requested as Application permissions; None as above.
        cloud: the tenant's; what its Graph does not have is not missed.
    """

    granted: frozenset[str]
    delegated: frozenset[str] | None = None
    requested: frozenset[str] | None = None
    cloud: Cloud = Cloud.GLOBAL
    needs: tuple[Need, ...] = field(default=NEEDS)

    def missing(self, feature: Feature, *, optional: bool = False) -> tuple[Need, ...]:
        """The feature's needs that no granted permission meets."""
        return tuple(
            need
            for need in self.of(feature)
            if need.optional is optional and not need.is_met_by(self.granted)
        )

    def of(self, feature: Feature) -> tuple[Need, ...]:
        """All needs of a feature in this cloud, in the order they are shown."""
        return tuple(need for need in self._here if need.feature is feature)

    def absent(self, feature: Feature) -> tuple[Need, ...]:
        """Needs of a feature for which this cloud has nothing to read or write."""
        return tuple(
            need
            for need in self.needs
            if need.feature is feature and self.cloud in need.absent_from
        )

    def works(self, feature: Feature) -> bool:
        """Whether everything the feature cannot do without is granted."""
        return not self.missing(feature)

    def wrongly_delegated(self) -> tuple[AppRole, ...]:
        """Needed permissions that were requested as Delegated, not Application."""
        mistaken = self.delegated or frozenset()
        return tuple(role for role in self.unmet() if role in mistaken)

    def unmet(self) -> tuple[AppRole, ...]:
        """Every permission of any feature that nothing granted serves for, once."""
        unmet = (each.role for each in self._here if not each.is_met_by(self.granted))
        return tuple(dict.fromkeys(unmet))

    def left_out(self) -> tuple[AppRole, ...]:
        """Permissions not granted without which everything in use still works."""
        unmet = (
            each.role
            for each in self._here
            if each.optional and not each.is_met_by(self.granted)
        )
        return tuple(dict.fromkeys(unmet))

    def wants(self, feature: Feature, before: Collection[str] = ()) -> bool:
        """Whether somebody set the app up for a feature, so that a lack is told.

        Told by permissions that serve this feature alone, granted or asked for: those
        that only read the directory may be there for the directory's sake.

        Args:
            before: names granted at an earlier time.
        """
        if feature in ALWAYS_WANTED:
            return True
        asked = (self.requested or frozenset()) | (self.delegated or frozenset())
        return not _own_roles(self.needs, feature).isdisjoint(
            self.granted.union(asked, before)
        )

    @property
    def _here(self) -> tuple[Need, ...]:
        return tuple(each for each in self.needs if self.cloud not in each.absent_from)


def _own_roles(needs: Iterable[Need], feature: Feature) -> set[str]:
    """What a feature needs that none before it does, nor reading the directory."""
    earlier = {*list(Feature)[: list(Feature).index(feature)], Feature.DIRECTORY}
    own = {str(each.role) for each in needs if each.feature is feature}
    return own - {str(each.role) for each in needs if each.feature in earlier}


def roles_meeting(role: AppRole, needs: Iterable[Need] = NEEDS) -> frozenset[AppRole]:
    """The role itself and every broader one known to cover it."""
    covers = (need.covered_by for need in needs if need.role is role)
    return frozenset({role}).union(*covers)
