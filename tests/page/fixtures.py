"""A small workspace and tenant for the page's own tests."""

from typing import Any

Json = dict[str, Any]

NOW = 1_790_000_000  # an ordinary day, in seconds since 1970


def _person(user_id: str, name: str, real: str, **flags: Any) -> Json:
    base = {"deleted": False, "is_bot": False, "profile": {"title": ""}}
    return base | {"id": user_id, "name": name, "real_name": real} | flags


def workspace() -> Json:
    """Four people, the bot, and a channel of every kind."""
    members = ["U0ADA", "U0RUTH", "U0AMIR"]
    return {
        "team": {"id": "T0CONTOSO", "name": "Contoso IT", "domain": "contoso-it"},
        "app": _app(),
        "people": [
            _person("U0ADA", "ada", "Ada Lindqvist", is_owner=True, dm="D0ADA"),
            _person("U0RUTH", "ruth", "Ruth Okafor", dm="D0RUTH"),
            _person("U0AMIR", "amir", "Amir Haddad", dm="D0AMIR"),
            _person("U0GUS", "gus", "Gus Petit", is_restricted=True, dm="D0GUS"),
            _person("U0OLD", "old", "Olga Deleted", deleted=True),
            _person("U0GATEHOUSE", "gatehouse", "Gatehouse", is_bot=True),
        ],
        "channels": [
            _channel("C0ALERTS", "entra-alerts", [*members, "U0GUS"]),
            _channel("C0APPROVE", "offboarding-approvals", members, is_private=True),
            _channel("C0OLD", "old-project", members, is_archived=True),
            *(
                _channel(f"D0{name}", "", [f"U0{name}"], is_im=True, user=f"U0{name}")
                for name in ("ADA", "RUTH", "AMIR", "GUS")
            ),
        ],
    }


def _app() -> Json:
    return {
        "id": "A0GATEHOUSE",
        "name": "Gatehouse",
        "bot_user_id": "U0GATEHOUSE",
        "connected": True,
        "mode": "socket",
        "home_tab": True,
        "commands": [
            {
                "command": "/entra",
                "description": "Watch over Entra ID",
                "usage_hint": "connect | status | help",
            },
            {
                "command": "/offboard",
                "description": "Offboard a leaver",
                "usage_hint": "[@person]",
            },
        ],
        "shortcuts": [
            {
                "name": "Connect a tenant",
                "type": "global",
                "callback_id": "connect",
                "description": "Connect",
            },
            {
                "name": "Offboard this person",
                "type": "message",
                "callback_id": "offboard.this",
                "description": "From a message",
            },
        ],
    }


def _channel(channel_id: str, name: str, members: list[str], **flags: Any) -> Json:
    base = {"is_private": False, "is_archived": False, "is_im": False}
    return base | {"id": channel_id, "name": name, "members": members} | flags


def message(number: int, text: str = "", **more: Any) -> Json:
    """A message of the app; `number` orders messages and names them."""
    ts = f"{NOW + number}.000100"
    base = {"type": "message", "user": "U0GATEHOUSE", "bot_id": "B0GATEHOUSE"}
    return base | {"ts": ts, "text": text} | more


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, **more: Any) -> Json:
    """An option object."""
    return {"text": plain(text), "value": value} | more


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block; its element's action_id is `value` unless it has one."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value"} | element,
    } | more


def modal(view_id: str, title: str, blocks: list[Json], **more: Any) -> Json:
    """A modal with a submit button "Connect"."""
    return {
        "id": view_id,
        "type": "modal",
        "title": plain(title),
        "submit": plain("Connect"),
        "close": plain("Cancel"),
        "blocks": blocks,
        "state": {"values": {}},
    } | more


def tenant() -> Json:
    """Two users, a group, an app with two credentials, and the bot's own app."""
    return {
        "tenant": {
            "id": "8a1f0c52-6d1e-4c0b-9d5f-3b7a52f0c001",
            "displayName": "Contoso Ltd",
            "verifiedDomains": [{"name": "contoso.example", "isDefault": True}],
        },
        "users": [_dana(), _lee()],
        "groups": [
            {"id": "g1", "displayName": "Sales", "kind": "security", "members": 2}
        ],
        "apps": [
            {
                "id": "a1",
                "appId": "11111111-2222-4333-8444-555555555555",
                "displayName": "Payroll sync",
                "owners": ["Omar Diaz"],
                "credentials": [
                    credential("k1", "ci", 5),
                    credential("k2", "backup", 200),
                ],
            }
        ],
        "bot_app": {
            "clientId": "5d3c2b1a-0f9e-4d8c-b7a6-95847362514f",
            "secret_value": "gh78Q~demoSECRETvalue-not-real-012345678",
            "secret_id": "11111111-aaaa-4bbb-8ccc-222222222222",
            "certificate_pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END-----\n",
            "granted": ["User.Read.All"],
            "delegated": ["Group.Read.All"],
            "requested": ["User.Read.All", "Group.Read.All", "Application.Read.All"],
            "addable": ["Device.Read.All", "Directory.Read.All"],
            "enabled": True,
        },
    }


def credential(key_id: str, name: str, days: int) -> Json:
    """A client secret that ends in so many days."""
    return {
        "keyId": key_id,
        "kind": "secret",
        "hint": "abc",
        "displayName": name,
        "endDateTime": "2026-12-01T00:00:00Z",
        "days": days,
    }


def _dana() -> Json:
    return {
        "id": "u1",
        "displayName": "Dana Cole",
        "userPrincipalName": "dana@contoso.example",
        "jobTitle": "Account manager",
        "accountEnabled": True,
        "signInSessionsValidFromDateTime": "2026-01-05T08:00:00Z",
        "groups": ["Sales"],
        "methods": [
            {"id": "m1", "type": "phone", "label": "Phone +1 •• 42", "default": True}
        ],
        "roles": [],
        "licences": ["E3"],
    }


def _lee() -> Json:
    changes = {"id": "u2", "displayName": "Lee Park", "jobTitle": "Analyst"}
    return _dana() | changes | {"userPrincipalName": "lee@contoso.example"}


def faults() -> dict[str, list[Json]]:
    """One fault for each service."""
    return {
        "slack": [
            {
                "name": "rate_limit",
                "label": "Rate limit",
                "description": "Answer 429 to the next calls.",
                "on": False,
                "params": {"n": 3},
            }
        ],
        "entra": [
            {
                "name": "throttle",
                "label": "Throttle Graph",
                "description": "Answer 429 with Retry-After.",
                "on": True,
                "params": {"retry_after": 2},
            }
        ],
    }
