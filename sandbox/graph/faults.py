"""Faults on demand: what the real service does on bad days."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

FOREVER = -1


@dataclass
class Fault:
    """One kind of bad day. `times` counts down per request; FOREVER never ends.

    `usual` is how often it strikes when the page switches it on. Parameters `path`,
    which must begin the request's path (after /v1.0), and `method` narrow a fault.
    """

    name: str
    label: str
    description: str
    params: dict[str, Any] = field(default_factory=dict)
    times: int = 0
    usual: int = FOREVER

    @property
    def counts(self) -> bool:
        """Tell whether the fault ends by itself."""
        return self.usual != FOREVER

    def to_json(self) -> dict[str, Any]:
        """Describe the fault for the page; `n` is how many strikes are left."""
        left = self.times if self.times > 0 else self.usual
        return {
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "on": self.on,
            "params": {**self.params, **({"n": left} if self.counts else {})},
        }

    @property
    def on(self) -> bool:
        """Tell whether the fault still strikes."""
        return self.times != 0

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether this request suffers it."""
        wanted_path, wanted_method = self.params.get("path"), self.params.get("method")
        return (
            self.on
            and (not wanted_path or path.lower().startswith(wanted_path.lower()))
            and (not wanted_method or method == wanted_method.upper())
        )


class Faults:
    """All faults of one simulator, each off unless its entry says otherwise.

    Requests ask by `strike`, which counts. Tests switch faults on by the methods
    below; the control interface does the same by name with `set`.
    """

    def __init__(self, known: Iterable[Fault], changed: Callable[[], None]) -> None:
        self._all = {fault.name: fault for fault in known}
        self._defaults = copy.deepcopy(self._all)
        self._changed = changed

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._all.values())

    def clear(self) -> None:
        """Put every fault back as it was at the start."""
        self._all = copy.deepcopy(self._defaults)
        self._changed()

    def set(self, name: str, times: int, **params: Any) -> None:
        """Let a fault strike so many times (FOREVER; 0 switches it off).

        Raises:
            KeyError: no such fault.
            ValueError: a parameter that this fault does not have.
        """
        fault = self._all[name]
        unknown = set(params) - {*fault.params, "path", "method"}
        if unknown:
            raise ValueError(f"{name} has no parameter {sorted(unknown)}")
        kept = self._defaults[name].params
        given = {key: _like(kept.get(key), value) for key, value in params.items()}
        self._all[name] = replace(fault, times=times, params={**kept, **given})
        self._changed()

    def off(self, name: str) -> None:
        """Switch a fault off."""
        self.set(name, 0)

    def is_on(self, name: str) -> bool:
        """Tell whether a lasting fault is on, without counting."""
        return self._all[name].on

    def usual(self, name: str) -> int:
        """Return how often a fault strikes when switched on without a number."""
        return self._all[name].usual

    def params(self, name: str) -> dict[str, Any]:
        """Return a fault's parameters."""
        return self._all[name].params

    def strike(self, name: str, method: str, path: str) -> Fault | None:
        """Return the fault if it strikes this request, and count it; else None."""
        fault = self._all[name]
        if not fault.strikes(method, path):
            return None
        if fault.times > 0:
            fault.times -= 1
            self._changed()
        return fault

    def throttle(
        self,
        *,
        times: int = 1,
        retry_after: int | None = 1,
        path: str | None = None,
        method: str | None = None,
    ) -> None:
        """Answer the next requests with 429; retry_after None sends no header."""
        self.set("throttle", times, **_given(path, method), retry_after=retry_after)

    def unavailable(
        self,
        *,
        times: int = 1,
        status: int = 503,
        retry_after: int | None = None,
        path: str | None = None,
    ) -> None:
        """Answer the next requests with a 5xx."""
        self.set(
            "unavailable",
            times,
            **_given(path, None),
            status=status,
            retry_after=retry_after,
        )

    def error(
        self,
        status: int,
        code: str,
        message: str,
        *,
        times: int = 1,
        path: str | None = None,
        method: str | None = None,
    ) -> None:
        """Answer the next requests with a chosen status, code and message."""
        where = _given(path, method)
        chosen = {"status": status, "code": code, "message": message}
        self.set("error", times, **where, **chosen)

    def login_error(self, code: int, *, times: int = FOREVER) -> None:
        """Answer the next sign-ins with that AADSTS code."""
        self.set("login_error", times, code=code)

    def read_lag(self, seconds: float, *, objects: bool = False) -> None:
        """Let lists (and single objects, if asked) lag behind writes; 0 ends it."""
        times = FOREVER if seconds else 0
        self.set("read_lag", times, seconds=seconds, objects=objects)

    def slow(self, milliseconds: int, *, path: str | None = None) -> None:
        """Delay every answer; 0 ends it."""
        times = FOREVER if milliseconds else 0
        self.set("slow", times, **_given(path, None), ms=milliseconds)

    def reset_after_apply(self, *, times: int = 1, path: str | None = None) -> None:
        """Apply the next writes, then break the connection."""
        self.set("reset_after_apply", times, **_given(path, None))

    def reset_before_apply(self, *, times: int = 1, path: str | None = None) -> None:
        """Break the connection of the next requests, before anything was done."""
        self.set("reset_before_apply", times, **_given(path, None))

    def silent_no_apply(self, *, times: int = 1, path: str | None = None) -> None:
        """Answer the next writes as done, and change nothing."""
        self.set("silent_no_apply", times, **_given(path, None))

    def concurrency_violation(self, *, times: int = 1, path: str | None = None) -> None:
        """Answer the next writes with 409."""
        self.set("concurrency_violation", times, **_given(path, None))

    def token_without_roles(self, on: bool = True) -> None:
        """Issue tokens as if nothing had been consented."""
        self.set("token_without_roles", FOREVER if on else 0)

    def reject_tokens(self, *, times: int = 1, path: str | None = None) -> None:
        """Answer the next requests with 401, whatever their token."""
        self.set("reject_tokens", times, **_given(path, None))

    def forbid_privileged(self, on: bool) -> None:
        """Guard people with privileged roles against the app (on at the start)."""
        self.set("forbid_privileged", FOREVER if on else 0)

    def protect_synced(self, on: bool = True) -> None:
        """Refuse to disable users synced from on-premises."""
        self.set("protect_synced", FOREVER if on else 0)

    def empty_page(self, *, times: int = 1, path: str | None = None) -> None:
        """Send empty pages that still have a next link."""
        self.set("empty_page", times, **_given(path, None))

    def foreign_next_link(self, *, times: int = 1, path: str | None = None) -> None:
        """Send next links that point at another host."""
        self.set("foreign_next_link", times, **_given(path, None))

    def delta_expired(
        self,
        *,
        status: int = 410,
        code: str = "syncStateNotFound",
        times: int = 1,
        path: str | None = None,
    ) -> None:
        """Refuse the next requests with a delta link; 410 names where to begin."""
        where = _given(path, None)
        self.set("delta_expired", times, **where, status=status, code=code)

    def delta_replay(self, *, times: int = 1, path: str | None = None) -> None:
        """Send changes twice, old ones among them."""
        self.set("delta_replay", times, **_given(path, None))

    def network_down(self, on: bool = True) -> None:
        """Break every connection to login and Graph."""
        self.set("network_down", FOREVER if on else 0)


def _like(default: Any, value: Any) -> Any:
    """Read a parameter typed into the page's text field as what the default is."""
    if isinstance(default, bool) and isinstance(value, str):
        return value.lower() in ("true", "yes", "1")
    if isinstance(default, int) and isinstance(value, str):
        return int(value)
    return value


def _given(path: str | None, method: str | None) -> dict[str, str]:
    filled = {"path": path, "method": method}
    return {name: value for name, value in filled.items() if value is not None}
