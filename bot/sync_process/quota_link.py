"""One account of a quota in two processes: each tells the other what it must know.

The bot spends little, so it tells each unit; a reading process spends much, so it tells
what share it left. Both are late by at most `EVERY`, and the share that background
requests leave to people covers that.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.graph.quota import Quota, Quotas, Scope
from bot.graph.quota_costs import Group
from bot.sync_process.messages import Account, Balance, WidePause

EVERY = timedelta(milliseconds=100)
_NOTICED = 0.01  # so much less of a share is worth a line


class ParentLink:
    """The bot's side.

    Args:
        tell: sends to the reading process; must not wait.
    """

    def __init__(
        self, quota: Quota, quotas: Quotas, tell: Callable[[Account], None]
    ) -> None:
        self._quota, self._quotas, self._tell = quota, quotas, tell
        self._told = dict(quota.spent)
        self._pauses: Mapping[Group, datetime] = quota.paused_until()

    async def run(self) -> None:
        """Tell what is new, again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            self.tell_news()

    def tell_news(self) -> None:
        """Tell what was spent since, and new pauses; nothing where there is none."""
        spent = dict(self._quota.spent)
        more = {g: units - self._told[g] for g, units in spent.items()}
        pauses = self._quota.paused_until()
        news = Account(
            {group: units for group, units in more.items() if units},
            _new(pauses, self._pauses),
        )
        if news != Account():
            self._tell(news)
        self._told, self._pauses = spent, pauses

    def hear(self, message: Balance | WidePause) -> None:
        """Believe what the reading process tells."""
        if isinstance(message, WidePause):
            scope = Scope(message.whose)
            self._quotas.pause_all(self._quota, scope, message.groups, message.until)
            return
        self._quota.leave_at_most(message.left)
        for group, until in message.paused_until.items():
            self._quota.pause([group], until)


class ChildLink:
    """The reading process's side.

    Args:
        tell: sends to the bot; must not wait.
        balance: what the bot says is left at the start.
    """

    def __init__(
        self,
        quota: Quota,
        quotas: Quotas,
        tell: Callable[[Balance | WidePause], None],
        balance: Balance,
    ) -> None:
        self._quota, self._tell = quota, tell
        quota.leave_at_most(balance.left)
        self._pause(balance.paused_until)
        self._told = quota.left()
        self._pauses: Mapping[Group, datetime] = quota.paused_until()
        quotas.on_wide_pause = self._tell_wide_pause

    async def run(self) -> None:
        """Tell what is new, again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            self.tell_news()

    def tell_news(self) -> None:
        """Tell what is left where that is less, and new pauses.

        More is not told: the bot's own account is filled up at the same pace.
        """
        left, pauses = self._quota.left(), self._quota.paused_until()
        less = {g: n for g, n in left.items() if n < self._told[g] - _NOTICED}
        more = {g: n for g, n in left.items() if n > self._told[g]}
        news = Balance(less, _new(pauses, self._pauses))
        if news != Balance():
            self._tell(news)
        self._told, self._pauses = self._told | less | more, pauses

    def hear(self, message: Account) -> None:
        """Believe what the bot tells."""
        self._quota.pay(message.spent)
        self._pause(message.paused_until)

    def _pause(self, paused_until: Mapping[Group, datetime]) -> None:
        for group, until in paused_until.items():
            self._quota.pause([group], until)

    def _tell_wide_pause(
        self, scope: Scope, groups: list[Group], until: datetime
    ) -> None:
        self._tell(WidePause(scope.whose, groups, until))


def balance_of(quota: Quota) -> Balance:
    """Where a reading process starts."""
    return Balance(quota.left(), quota.paused_until())


def _new(
    now: Mapping[Group, datetime], before: Mapping[Group, datetime]
) -> dict[Group, datetime]:
    """Pauses that were not there, or not so long."""
    return {
        group: until
        for group, until in now.items()
        if group not in before or until > before[group]
    }
