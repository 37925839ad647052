"""How large the generated directory is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """How many objects of each kind there are before any churn.

    `memberships` is what the sizes of groups add up to, as near as the other numbers
    allow; `BulkDirectory.count` tells the exact number. `logs` is the number of entries
    of each log, whatever the number of users.
    """

    users: int = 100_000
    groups: int = 5_000
    memberships: int = 206_000
    applications: int = 5_000
    service_principals: int = 6_000
    grants: int = 12_000
    devices: int = 20_000
    logs: int = 1_000

    @classmethod
    def of(cls, users: int, *, logs: int = 1_000) -> "Shape":
        """Return the usual company, scaled to a number of users."""
        usual = cls()

        def scaled(count: int) -> int:
            return max(20, count * users // usual.users)

        return cls(
            users=users,
            groups=scaled(usual.groups),
            memberships=scaled(usual.memberships),
            applications=scaled(usual.applications),
            service_principals=scaled(usual.service_principals),
            grants=scaled(usual.grants),
            devices=scaled(usual.devices),
            logs=logs,
        )

    @property
    def anchors(self) -> int:
        """Return how many users, counted from the first, manage and are never deleted.

        Other objects refer to these alone, so that a deletion drags nothing along but
        memberships.
        """
        return max(1, self.users // 10)
