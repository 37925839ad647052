"""The faults that the simulator knows, as the page lists them."""

from sandbox.graph.faults import FOREVER, Fault


def known_faults() -> list[Fault]:
    """Return every fault, off except where the real service always behaves so."""
    return [
        *_refusals(),
        *_sign_in(),
        *_broken_connections(),
        *_lies(),
        *_changes(),
        *_reports(),
        *_rules(),
    ]


def _refusals() -> list[Fault]:
    return [
        Fault(
            "throttle",
            "Throttle",
            "The next requests are answered with 429 and Retry-After in seconds.",
            {"retry_after": 1, "path": None},
            usual=5,
        ),
        Fault(
            "unavailable",
            "Service unavailable",
            "The next requests are answered with 503, or another status of that kind.",
            {"status": 503, "retry_after": None, "path": None},
            usual=3,
        ),
        Fault(
            "concurrency_violation",
            "Concurrent writes",
            "The next writes are answered with 409 Directory_ConcurrencyViolation.",
            {"path": None},
            usual=2,
        ),
        Fault(
            "error",
            "An error of your choice",
            "The next request is answered with this status, code and message.",
            {
                "status": 500,
                "code": "InternalServerError",
                "message": "A fault.",
                "path": None,
            },
            usual=1,
        ),
    ]


def _sign_in() -> list[Fault]:
    return [
        Fault(
            "login_error",
            "Sign-in fails",
            "The token endpoint answers with this AADSTS code.",
            {"code": 7000222},
        ),
        Fault(
            "token_without_roles",
            "Tokens without roles",
            "Tokens are issued as if nothing had been consented.",
        ),
        Fault(
            "reject_tokens",
            "Reject tokens",
            "The next requests are answered with 401, whatever their token.",
            {"path": None},
            usual=1,
        ),
    ]


def _broken_connections() -> list[Fault]:
    return [
        Fault(
            "network_down",
            "Network down",
            "Every connection to sign-in and Graph breaks at once.",
        ),
        Fault("slow", "Slow answers", "Every answer takes longer.", {"ms": 3000}),
        Fault(
            "reset_before_apply",
            "Reset before applying",
            "The connection of the next request breaks, and nothing was done.",
            {"path": None},
            usual=1,
        ),
        Fault(
            "reset_after_apply",
            "Reset after applying",
            "The next write is applied, then its connection breaks.",
            {"path": None},
            usual=1,
        ),
    ]


def _lies() -> list[Fault]:
    return [
        Fault(
            "silent_no_apply",
            "Say yes, do nothing",
            "The next write is answered as done, but changes nothing.",
            {"path": None},
            usual=1,
        ),
        Fault(
            "read_lag",
            "Reads lag behind",
            "Lists show the tenant as it was some seconds ago; objects too, if true.",
            {"seconds": 5, "objects": False},
        ),
        Fault(
            "empty_page",
            "Empty page",
            "The next list has a page without objects that still has a next link.",
            {"path": None},
            usual=1,
        ),
        Fault(
            "foreign_next_link",
            "Next link elsewhere",
            "The next list of several pages points at another host for its next one.",
            {"host": "graph.elsewhere.example", "path": None},
            usual=1,
        ),
    ]


def _changes() -> list[Fault]:
    return [
        Fault(
            "delta_expired",
            "Expired delta link",
            "The next request with a delta link is refused: 410 syncStateNotFound, "
            "or 400 Request_UnsupportedQuery, or whatever you say.",
            {"status": 410, "code": "syncStateNotFound", "path": None},
            usual=1,
        ),
        Fault(
            "delta_replay",
            "Replayed changes",
            "The next page of changes holds each of them twice, old ones among them.",
            {"path": None},
            usual=1,
        ),
    ]


def _reports() -> list[Fault]:
    return [
        Fault(
            "without_plans",
            "Plans not bought",
            "The tenant lacks these plans: AAD_PREMIUM is P1, AAD_PREMIUM_P2 is P2, "
            "INTUNE_A is Intune.",
            {"plans": "AAD_PREMIUM AAD_PREMIUM_P2 INTUNE_A"},
        ),
        Fault(
            "conceal_names",
            "Conceal names in reports",
            "Usage reports hold hashes in place of names, as is usual for a tenant.",
        ),
        Fault(
            "report_redirect",
            "Report elsewhere",
            "The next usage report points at a plain http address, or at Graph itself.",
            {"to": "http", "path": None},
            usual=1,
        ),
        Fault(
            "report_expired",
            "Report gone",
            "The next download of a usage report is refused: its address has ended.",
            usual=1,
        ),
        Fault(
            "report_cut",
            "Report cut off",
            "The next download of a usage report breaks off halfway.",
            usual=1,
        ),
        Fault(
            "refuse_expand",
            "Refuse to expand",
            "Lists that are asked to expand this relation are refused.",
            {"relation": "federatedIdentityCredentials"},
        ),
    ]


def _rules() -> list[Fault]:
    return [
        Fault(
            "forbid_privileged",
            "Protect administrators",
            "The app may not disable people with privileged roles. On in real tenants.",
            times=FOREVER,
        ),
        Fault(
            "protect_synced",
            "Protect synced users",
            "Disabling a user who is synced from on-premises is refused.",
        ),
    ]
