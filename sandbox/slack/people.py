"""The people of a workspace, kept as Slack's own user objects."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.slack.errors import ControlError, Json

_JOINED = 1_700_000_000  # seconds since the epoch; any fixed moment will do


def person(
    user_id: str,
    name: str,
    real_name: str,
    email: str | None,
    *,
    team_id: str,
    title: str = "",
    **flags: Any,
) -> Json:
    """Make a user object with every member that `users.info` returns.

    Args:
        flags: members that differ from an ordinary full member's, e.g.
            `is_admin=True` or `deleted=True`.
    """
    user: Json = {
        "id": user_id,
        "team_id": team_id,
        "name": name,
        "deleted": False,
        "color": "4bbe2e",
        "real_name": real_name,
        "tz": "Europe/Amsterdam",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": _profile(name, real_name, email, team_id, title),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": _JOINED,
        "is_email_confirmed": email is not None,
        "who_can_share_contact_card": "EVERYONE",
    }
    return user | flags


def _profile(
    name: str, real_name: str, email: str | None, team_id: str, title: str
) -> Json:
    first, _, last = real_name.partition(" ")
    profile: Json = {
        "title": title,
        "phone": "",
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": name,
        "display_name_normalized": name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "team": team_id,
    }
    return profile | ({} if email is None else {"email": email})


class People:
    """Everybody with an account, the app's bot user among them."""

    def __init__(self, users: Iterable[Json]) -> None:
        self._users: dict[str, Json] = {each["id"]: each for each in users}

    def __contains__(self, user_id: str) -> bool:
        return user_id in self._users

    def all(self) -> list[Json]:
        """Return everybody, deactivated people included, oldest first."""
        return list(self._users.values())

    def find(self, user_id: str) -> Json | None:
        """Return the live user object; changing it changes the workspace."""
        return self._users.get(user_id)

    def find_by_name(self, name: str) -> Json | None:
        """Return whom people mean by `@name`."""
        return next((u for u in self.all() if u["name"] == name), None)

    def find_by_email(self, email: str) -> Json | None:
        """Return the active person with that address, whatever its case.

        Slack finds no deactivated people and nobody of another workspace this way.
        """
        for user in self.all():
            address = user["profile"].get("email", "")
            if address.lower() == email.lower() and not _beyond_reach(user):
                return user
        return None

    def actor(self, user_id: str) -> Json:
        """Return a person who can act in the client.

        Raises:
            ControlError: nobody has that ID, or the account is deactivated or a bot.
        """
        user = self.find(user_id)
        if user is None:
            raise ControlError("user_not_found", f"Nobody here has the ID {user_id}.")
        if user["deleted"] or user["is_bot"]:
            raise ControlError(
                "account_inactive", f"{user['real_name']} cannot sign in; pick another."
            )
        return user

    def change(self, user_id: str, changes: Json) -> Json:
        """Change members by name; a dot reaches into the profile: `profile.email`.

        Raises:
            ControlError: nobody has that ID, or a user object has no such member.
        """
        user = self.find(user_id)
        if user is None:
            raise ControlError("user_not_found", f"Nobody here has the ID {user_id}.")
        for path, value in _flattened(changes):
            _assign(user, path, value)
        return user


def public_copy(user: Json, *, with_email: bool) -> Json:
    """Copy a user object for an app, without the address if its scopes lack it."""
    seen = copy.deepcopy(user)
    if not with_email:
        seen["profile"].pop("email", None)
    return seen


def _beyond_reach(user: Json) -> bool:
    return bool(user["deleted"] or user.get("is_stranger"))


def _flattened(changes: Json) -> Iterator[tuple[str, object]]:
    for path, value in changes.items():
        if path == "profile" and isinstance(value, dict):
            yield from ((f"profile.{name}", each) for name, each in value.items())
        else:
            yield path, value


def _assign(user: Json, path: str, value: object) -> None:
    *parents, last = path.split(".")
    target = user
    for parent in parents:
        target = target.get(parent, {})
    if last not in target and path not in ("profile.email", "is_stranger"):
        raise ControlError("unknown_member", f"A Slack user object has no {path}.")
    if value is None:
        target.pop(last, None)
    else:
        target[last] = value
