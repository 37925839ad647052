"""The table of contents of the listeners."""

from handlers import (
    alerts,
    connect,
    entra,
    home,
    offboarding,
    requests,
    sync,
    tenants,
)
from handlers.listening import Listening


def register_all(listening: Listening) -> None:
    """Tell Bolt which delivery goes to which function; the catch-all comes last."""
    for module in (entra, connect, tenants, alerts, offboarding, requests, sync, home):
        module.register(listening)
    listening.rest()
