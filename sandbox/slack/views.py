"""Modals and Home tabs: stacks of three, hashes, external IDs, typed values."""

import copy
from dataclasses import dataclass

from sandbox.slack.clock import Clock
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.ids import Mint
from sandbox.slack.state import state_values

STACK_LIMIT = 3


@dataclass(eq=False)
class View:
    """One view of one person. `values` is what they typed so far, by block, action."""

    id: str
    user: str
    spec: Json
    values: dict[str, Json]
    hash: str
    root_id: str
    previous_id: str | None = None

    @property
    def is_home(self) -> bool:
        """Whether this is the person's Home tab rather than a modal."""
        return bool(self.spec["type"] == "home")

    @property
    def blocks(self) -> list[Json]:
        """Return the view's blocks, IDs filled in."""
        blocks: list[Json] = self.spec["blocks"]
        return blocks


class Views:
    """Every person's stack of modals and Home tab."""

    def __init__(self, clock: Clock, mint: Mint) -> None:
        self._clock, self._mint = clock, mint
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """Return a person's open modals, bottom first."""
        return list(self._stacks.get(user, []))

    def home(self, user: str) -> View | None:
        """Return the Home tab last published for a person."""
        return self._homes.get(user)

    def find(self, view_id: str | None, external_id: str | None = None) -> View | None:
        """Return an open modal or a Home tab by either of its IDs."""
        for view in self._everywhere():
            external = view.spec.get("external_id")
            if view.id == view_id or (external_id and external == external_id):
                return view
        return None

    def open(self, user: str, spec: Json) -> View:
        """Open a modal as the only one of a person; others of the app close."""
        self._check_external_id(spec, None)
        view = self._new(user, spec)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, onto: str, spec: Json) -> View:
        """Put a modal on top of a person's stack.

        Raises:
            SlackError: `not_found` when `onto` is not open any more,
                `push_limit_reached` on a stack of three, `duplicate_external_id`.
        """
        stack = self._stacks.get(user, [])
        if not any(view.id == onto for view in stack):
            raise SlackError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        self._check_external_id(spec, None)
        view = self._new(user, spec)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, spec: Json, *, hash_: str | None = None) -> View:
        """Replace a view's content; typed values stay where their IDs stay.

        Raises:
            SlackError: `hash_conflict` when the view changed since, or
                `duplicate_external_id`.
        """
        if hash_ is not None and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(spec, view)
        view.spec, view.hash = spec, self._hash()
        view.values = state_values(spec["blocks"], view.values)
        return view

    def publish(self, user: str, spec: Json, *, hash_: str | None = None) -> View:
        """Publish a person's Home tab.

        Raises:
            SlackError: `hash_conflict` or `duplicate_external_id`.
        """
        current = self._homes.get(user)
        if current is not None:
            return self.update(current, spec, hash_=hash_)
        self._check_external_id(spec, None)
        self._homes[user] = self._new(user, spec)
        return self._homes[user]

    def close(self, view: View) -> None:
        """Close one modal; what lies under it comes back into sight."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)

    def close_all(self, user: str) -> None:
        """Close all modals of a person."""
        self._stacks.pop(user, None)

    def _new(self, user: str, spec: Json) -> View:
        view_id = self._mint.id("V")
        values = state_values(spec["blocks"], {})
        return View(view_id, user, spec, values, self._hash(), root_id=view_id)

    def _hash(self) -> str:
        return f"{int(self._clock.now())}.{self._mint.token('view')}"

    def _check_external_id(self, spec: Json, own: View | None) -> None:
        external_id = spec.get("external_id")
        taken = self.find(None, external_id) if external_id else None
        if taken is not None and taken is not own:
            raise SlackError("duplicate_external_id")

    def _everywhere(self) -> list[View]:
        modals = [view for stack in self._stacks.values() for view in stack]
        return modals + list(self._homes.values())


def view_to_slack(view: View, *, team_id: str, app_id: str, bot_id: str) -> Json:
    """Draw the full view object that methods and payloads carry."""
    spec = copy.deepcopy(view.spec)
    return {
        "id": view.id,
        "team_id": team_id,
        "type": spec["type"],
        "blocks": spec["blocks"],
        "private_metadata": spec.get("private_metadata", ""),
        "callback_id": spec.get("callback_id", ""),
        "state": {"values": copy.deepcopy(view.values)},
        "hash": view.hash,
        "title": spec.get("title", {"type": "plain_text", "text": "View Title"}),
        "clear_on_close": spec.get("clear_on_close", False),
        "notify_on_close": spec.get("notify_on_close", False),
        "close": spec.get("close"),
        "submit": spec.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app_id,
        "external_id": spec.get("external_id", ""),
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
    }
