"""The faults that the simulator knows, as the page lists them."""

from sandbox.graph.faults import FOREVER, Fault


def known_faults() -> tuple[Fault, ...]:
    """Return every fault, off except where the real service always behaves so."""
    return (
        Fault("throttle", "Throttle", "429 with Retry-After", {"retry_after": 1}),
        Fault(
            "unavailable",
            "Service unavailable",
            "503 (or another status) instead of an answer",
            {"status": 503, "retry_after": None},
        ),
        Fault(
            "reset_before_apply",
            "Reset before applying",
            "The connection breaks and nothing was written",
        ),
        Fault(
            "reset_after_apply",
            "Reset after applying",
            "The write is applied, then the connection breaks",
        ),
        Fault(
            "silent_no_apply",
            "Say yes, do nothing",
            "A write is answered as done but changes nothing",
        ),
        Fault("slow", "Slow answers", "Every answer takes longer", {"ms": 3000}),
        Fault(
            "login_error",
            "Sign-in fails",
            "The token endpoint answers with an AADSTS code",
            {"code": 7000222},
        ),
        Fault(
            "token_without_roles",
            "Tokens without roles",
            "Tokens are issued as if nothing had been consented",
        ),
        Fault(
            "reject_tokens",
            "Reject tokens",
            "401 InvalidAuthenticationToken for a token that was good",
        ),
        Fault(
            "read_lag",
            "Reads lag behind",
            "Lists show the tenant as it was some seconds ago",
            {"seconds": 5, "objects": False},
        ),
        Fault(
            "concurrency_violation",
            "Concurrent writes",
            "409 Directory_ConcurrencyViolation on writes",
        ),
        Fault(
            "forbid_privileged",
            "Protect administrators",
            "The app may not disable people with privileged roles",
            times=FOREVER,
        ),
        Fault(
            "protect_synced",
            "Protect synced users",
            "Disabling a user synced from on-premises is refused",
        ),
        Fault(
            "empty_page",
            "Empty pages",
            "A page without objects that still has a next link",
        ),
        Fault(
            "foreign_next_link",
            "Next link elsewhere",
            "A next link that points at another host",
            {"host": "graph.attacker.example"},
        ),
        Fault(
            "error",
            "A chosen error",
            "Any status, code and message",
            {"status": 500, "code": "InternalServerError", "message": "A fault."},
        ),
        Fault("network_down", "Network down", "Connections to Entra break at once"),
    )
