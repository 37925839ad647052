"""The office of the stories: the real bot on both simulators, over real sockets."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.app import Bot
from bot.domain.clouds import Cloud
from bot.settings import Settings
from sandbox.runner import Sandbox
from sandbox.slack import sights
from sandbox.slack.acts.outcomes import Outcome, Submission
from tests.places import MANIFEST
from tests.scenarios.people import (
    ADA,
    ALERTS,
    AMIR,
    APPROVALS,
    CLIENT_ID,
    NORA,
    SECRET,
    TENANT_ID,
)
from tests.scenarios.screen import Json, button, input_labelled, typed, words_in

PATIENCE = 15.0  # seconds until a story that does not move is called stuck


class Office:
    """What people in the workspace do and see. Acts are by labels, as theirs are."""

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.sandbox, self.settings = sandbox, settings
        self.slack, self.entra = sandbox.slack, sandbox.entra
        self.bot = Bot(settings)

    # Acting

    async def types(self, who: str, text: str, channel: str = ALERTS) -> Outcome:
        """Somebody types a slash command."""
        return await self.slack.command(who, channel, text)

    async def submits(self, who: str, **fields: Any) -> Submission:
        """Somebody fills fields of their modal by label and presses its button.

        Underscores in names stand for what is hard to write; see `LABELS`. Fields not
        named keep what the view shows.
        """
        view = self.modal(who)
        state = self.filled(view, fields)
        return await self.slack.submit(who, view["id"], state)

    def filled(self, view: Json, fields: dict[str, Any]) -> Json:
        """The view's state with these fields filled."""
        state: Json = {
            block: dict(values)
            for block, values in view.get("state", {}).get("values", {}).items()
        }
        for label, value in fields.items():
            block = input_labelled(view, LABELS.get(label, label))
            element = block["element"]
            state[block["block_id"]] = {element["action_id"]: typed(element, value)}
        return {"values": state}

    async def presses(self, who: str, label: str, message: Json) -> Outcome:
        """Somebody presses a button of a message."""
        pressed = button(message, label)
        return await self.slack.click(
            who,
            pressed["action_id"],
            channel=message["channel"],
            message_ts=message["ts"],
            block_id=pressed["block_id"],
            value=pressed.get("value"),
            type="button",
        )

    async def presses_in_modal(self, who: str, label: str) -> Outcome:
        """Somebody presses a button inside their modal."""
        view = self.modal(who)
        pressed = button(view, label)
        return await self.slack.click(
            who,
            pressed["action_id"],
            view_id=view["id"],
            block_id=pressed["block_id"],
            value=pressed.get("value"),
            type="button",
        )

    # Seeing

    def modals(self, who: str) -> list[Json]:
        """Somebody's open modals, the topmost last."""
        stack: list[Json] = sights.views(self.slack, who)["stack"]
        return stack

    def modal(self, who: str) -> Json:
        """The modal somebody looks at. Raises AssertionError where there is none."""
        stack = self.modals(who)
        assert stack, f"{who} has no modal open"
        return stack[-1]

    def home(self, who: str) -> Json:
        """Somebody's Home tab."""
        home: Json | None = sights.views(self.slack, who)["home"]
        assert home is not None, f"{who} has no Home tab yet"
        return home

    def messages(self, channel: str, who: str = ADA) -> list[Json]:
        """What somebody sees in a channel, oldest first."""
        seen: list[Json] = sights.messages(self.slack, channel, who)["messages"]
        return [{**message, "channel": channel} for message in seen]

    def told_alone(self, who: str, channel: str = ALERTS) -> str:
        """The words of all messages that only this person sees, in order."""
        here = [m for m in self.messages(channel, who) if m.get("is_ephemeral")]
        direct = self.slack.channels.im_with(who).id
        return "\n".join(words_in(m) for m in [*here, *self.messages(direct, who)])

    async def sees(
        self, look: Callable[[], Any], *, within: float = PATIENCE, what: str = ""
    ) -> Any:
        """Wait until `look` gives something true, and return it.

        AssertionErrors while looking count as "not yet".
        """
        deadline, last = time.monotonic() + within, "nothing"
        while time.monotonic() < deadline:
            try:
                found = look()
            except AssertionError as error:
                found, last = None, str(error)
            if found:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(
            f"not seen within {within} s: {what or look}; last: {last}"
        )

    async def sees_modal(self, who: str, *words: str) -> Json:
        """Wait until somebody's modal says all of these words, and return it."""

        def look() -> Json | None:
            view = self.modal(who)
            said = words_in(view)
            assert all(word in said for word in words), f"the modal says: {said}"
            return view

        view: Json = await self.sees(look, what=f"modal with {words}")
        return view

    async def sees_message(
        self, channel: str, *words: str, who: str = ADA, within: float = PATIENCE
    ) -> Json:
        """Wait until a message in the channel says all of these words."""

        def look() -> Json | None:
            seen = self.messages(channel, who)
            for message in reversed(seen):
                if all(word in words_in(message) for word in words):
                    return message
            raise AssertionError("\n--\n".join(words_in(m) for m in seen) or "nothing")

        message: Json = await self.sees(look, within=within, what=f"message {words}")
        return message

    async def is_told(self, who: str, *words: str, channel: str = ALERTS) -> str:
        """Wait until somebody alone was told all of these words."""

        def look() -> str | None:
            said = self.told_alone(who, channel)
            assert all(word in said for word in words), said
            return said

        said: str = await self.sees(look, what=f"{who} is told {words}")
        return said

    # Ordinary beginnings

    async def connects(self, who: str = ADA, **changes: Any) -> Json:
        """An administrator connects Contoso; returns the channel's message."""
        await self.types(who, "/entra connect")
        await self.sees_modal(who, "Directory (tenant) ID")
        await self.submits(who, **{**CONNECTION, **changes})
        return await self.sees_message(ALERTS, "Contoso Ltd", who=who)

    async def restarts(self) -> None:
        """The bot is stopped in peace and started again on the same data."""
        await self.bot.drain()
        self.bot = Bot(self.settings)
        await self.bot.start()


LABELS = {
    "name": "Name",
    "cloud": "Cloud",
    "tenant_id": "Directory (tenant) ID",
    "client_id": "Application (client) ID",
    "secret": "Client secret value",
    "certificate": "Certificate and private key (PEM)",
    "sign_in": "Sign in with",
    "alerts": "Alerts channel",
    "approvals": "Approvals channel",
    "approvers": "Approvers",
    "tenant": "Tenant",
    "leaver": "Leaver",
    "when": "When",
    "run_at": "Date and time",
    "actions": "Actions",
    "reason": "Reason",
    "ticket": "Ticket",
}

CONNECTION = {
    "name": "Contoso",
    "cloud": "Global",
    "tenant_id": TENANT_ID,
    "client_id": CLIENT_ID,
    "secret": SECRET,
    "alerts": ALERTS,
    "approvals": APPROVALS,
    "approvers": [AMIR, NORA],
}


def settings_for(sandbox: Sandbox, data_dir: Path, **changes: Any) -> Settings:
    """The bot's settings against this sandbox, read as from an environment."""
    environment = {**sandbox.bot_environment(), "GATEHOUSE_DATA_DIR": str(data_dir)}
    environment["GATEHOUSE_HTTP_PORT"] = "0"
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        return Settings(_env_file=None, **changes)
    finally:
        os.environ.clear()
        os.environ.update(kept)


_METADATA = {
    Cloud.GLOBAL: "global",
    Cloud.GCC_HIGH: "usgov",
    Cloud.DOD: "usgov",
    Cloud.CHINA: "china",
}


def graph_log(cloud: Cloud = Cloud.GLOBAL) -> Path | None:
    """Where to record Graph requests, if whoever runs the tests wants them.

    The file's name begins with whose metadata they must agree with.
    """
    folder = os.environ.get("GATEHOUSE_TEST_GRAPH_LOG_DIR")
    return Path(folder) / f"{_METADATA[cloud]}-{uuid4()}.jsonl" if folder else None


@asynccontextmanager
async def open_office(
    data_dir: Path, *, start: bool = True, **changes: Any
) -> AsyncIterator[Office]:
    """Both simulators and the bot, stopped at the end whatever happens."""
    async with Sandbox(manifest=MANIFEST, graph_log=graph_log()) as sandbox:
        office = Office(sandbox, settings_for(sandbox, data_dir, **changes))
        if start:
            await office.bot.start()
        try:
            yield office
        finally:
            if start:
                await office.bot.drain()
