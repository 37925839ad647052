"""The words of each kind of alert: headline, facts, what to do."""

from collections.abc import Callable, Mapping

from bot.domain.alerts import Alert, AlertKind, AlertStatus, listed
from bot.domain.credentials import days_left
from bot.domain.permissions import NEEDS, Feature
from bot.domain.tenants import Tenant
from bot.views import text
from bot.views.text import clip, code, day, foreign, one_line

OWNERS_SHOWN = 5


def headline(alert: Alert, *, over: bool = False) -> str:
    """One plain line, not escaped: what is the matter.

    Args:
        over: leave out how much time is left.
    """
    return clip(one_line(_HEADLINES[alert.kind](alert, over)), 140)


def explanation(alert: Alert) -> str:
    """A paragraph of mrkdwn where the facts need one, else ""."""
    if alert.kind is AlertKind.CONSENT_MISSING:
        return _missing_permissions(alert.facts)
    if alert.facts.get("from_memory"):
        return (
            ":warning: Gatehouse cannot read this app at the moment; this is what it "
            "read last. Somebody may have renewed the credential since."
        )
    message = alert.facts.get("message", "")
    if alert.kind is AlertKind.SCAN_FAILING:
        part = foreign(alert.facts.get("part", "the tenant"))
        return (
            f"*Not read to the end:* {part}. {foreign(message, 600)}\nUntil a check "
            "ends well, nothing that it could not see is called resolved."
        )
    if alert.kind is AlertKind.SYNC_FAILING:
        part = foreign(alert.facts.get("part", ""), 300)
        return (
            f"Not kept current: {part}. {foreign(message, 600)} What was read before "
            "stays as it is."
        )
    return foreign(message, 600)


def fact_pairs(alert: Alert, tenant: Tenant) -> dict[str, str]:
    """Names and values in mrkdwn; empty values are not shown."""
    facts, expires = alert.facts, alert.ends_at is not None
    return {
        "Application": foreign(facts.get("app_name", "Gatehouse")),
        "Application (client) ID": code(facts.get("client_id", str(tenant.client_id))),
        "Credential": _credential(facts) if expires else "",
        "Ends": _end(alert),
        "Owners": _owners(facts) if alert.kind is AlertKind.CREDENTIAL_EXPIRY else "",
        "Tenant": _tenant(tenant),
    }


def instructions(alert: Alert) -> list[str]:
    """What to do, step by step, in mrkdwn."""
    return _INSTRUCTIONS[alert.kind](alert)


def time_left(alert: Alert) -> str:
    """ "3 days left", counted from the last scan; "" where the fact has no end."""
    if alert.ends_at is None:
        return ""
    return text.time_left(days_left(alert.ends_at, now=alert.seen_at))


def _expiry_headline(alert: Alert, over: bool) -> str:
    kind = alert.facts.get("credential_kind", "credential").capitalize()
    whose = "that Gatehouse signs in with" if _is_own(alert) else ""
    name = alert.facts.get("app_name", "")
    what = f"{kind} {whose}".strip() if whose else f"{name}: {kind.lower()}"
    if over or alert.ends_at is None:
        return what
    left = time_left(alert)
    if left == "expired":
        return f"{what} has expired"
    return f"{what} ends in {left.removesuffix(' left')}"


def _consent_headline(alert: Alert, over: bool) -> str:
    what = "revoked " if listed(alert.facts, "revoked") else "missing "
    return f"Consent {'' if over else what}for {alert.facts['feature']}"


def _is_own(alert: Alert) -> bool:
    return alert.kind is AlertKind.OWN_CREDENTIAL_EXPIRY


def _credential(facts: Mapping[str, str]) -> str:
    name = facts.get("display_name", "")
    parts = [facts.get("credential_kind", "credential").capitalize()]
    if name:
        parts.append(code(name, 80))
    if facts.get("hint"):
        parts.append(f"beginning with {code(facts['hint'], 8)}")
    return " ".join(parts)


def _end(alert: Alert) -> str:
    if alert.ends_at is None:
        return ""
    if alert.status is AlertStatus.RESOLVED:
        return day(alert.ends_at)
    return f"{day(alert.ends_at)} ({time_left(alert)})"


def _owners(facts: Mapping[str, str]) -> str:
    owners = listed(facts, "owners")
    if not owners:
        return "none named in Entra"
    shown = [foreign(owner, 60) for owner in owners[:OWNERS_SHOWN]]
    rest = len(owners) - len(shown)
    return "\n".join([*shown, f"and {rest} more"] if rest else shown)


def _tenant(tenant: Tenant) -> str:
    own_name = tenant.display_name
    if own_name and own_name != tenant.name:
        return f"{foreign(tenant.name)} ({foreign(own_name)})"
    return foreign(tenant.name)


def _missing_permissions(facts: Mapping[str, str]) -> str:
    feature = Feature(facts["feature"])
    purposes = {str(n.role): n.purpose for n in NEEDS if n.feature is feature}
    revoked, delegated = listed(facts, "revoked"), listed(facts, "delegated")
    lines = []
    for role in listed(facts, "permissions"):
        notes = "*revoked* " if role in revoked else ""
        if role in delegated:
            notes += "requested as Delegated, which an app on its own cannot use: "
        lines.append(f"• {code(role)} {notes}to {foreign(purposes.get(role, ''), 300)}")
    return "\n".join(lines)


def _renew_steps(alert: Alert) -> list[str]:
    kind = alert.facts.get("credential_kind", "credential")
    verb = "Upload" if kind == "certificate" else "Add"
    return [
        f"{verb} a new {kind} under *Certificates & secrets* (*Show in Entra*).",
        "Give it to whatever signs in as this app, and see that it works.",
        "Remove the old one. This alert closes itself at the next check.",
    ]


def _rotate_steps(alert: Alert) -> list[str]:
    kind = alert.facts.get("credential_kind", "credential")
    verb = "Upload" if kind == "certificate" else "Add"
    return [
        f"{verb} a new {kind} for Gatehouse's own app (*Show in Entra*).",
        "Type `/entra rotate`; the new one is proven before it replaces the old.",
        "Remove the old one in Entra.",
    ]


def _consent_steps(alert: Alert) -> list[str]:
    return [
        "Open *API permissions* of Gatehouse's app (*Show in Entra*).",
        "Add what is missing as *Application permissions* of Microsoft Graph.",
        "Press *Grant admin consent*; this takes a Privileged Role Administrator.",
        "Press *Check again* here.",
    ]


def _remedy_steps(alert: Alert) -> list[str]:
    return [
        foreign(alert.facts.get("remedy", ""), 600),
        *_if_sign_in(alert, "A new secret or certificate goes in by `/entra rotate`."),
        "Press *Check again* here.",
    ]


def _if_sign_in(alert: Alert, step: str) -> list[str]:
    return [step] if alert.kind is AlertKind.SIGN_IN_FAILING else []


_HEADLINES: dict[AlertKind, Callable[[Alert, bool], str]] = {
    AlertKind.CREDENTIAL_EXPIRY: _expiry_headline,
    AlertKind.OWN_CREDENTIAL_EXPIRY: _expiry_headline,
    AlertKind.CONSENT_MISSING: _consent_headline,
    AlertKind.SIGN_IN_FAILING: lambda _alert, over: (
        "Sign-in" if over else "Gatehouse cannot sign in"
    ),
    AlertKind.SCAN_FAILING: lambda _alert, over: (
        "Check" if over else "A check could not be finished"
    ),
    AlertKind.SYNC_FAILING: lambda _alert, over: (
        "Directory" if over else "The directory is not kept current"
    ),
}

_INSTRUCTIONS: dict[AlertKind, Callable[[Alert], list[str]]] = {
    AlertKind.CREDENTIAL_EXPIRY: _renew_steps,
    AlertKind.OWN_CREDENTIAL_EXPIRY: _rotate_steps,
    AlertKind.CONSENT_MISSING: _consent_steps,
    AlertKind.SIGN_IN_FAILING: _remedy_steps,
    AlertKind.SCAN_FAILING: _remedy_steps,
    AlertKind.SYNC_FAILING: _remedy_steps,
}
