"""What the dispatcher must know of a method besides its code."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json

Run = Callable[[WorkspaceCore, Json], Json]


@dataclass(frozen=True)
class Method:
    """One Web API method.

    Args:
        run: takes the arguments, returns the answer without `ok`; raises SlackError.
        needs: scopes of which the token must carry one; empty means none.
        required: arguments that must be there.
        tier: rate tier 1 to 4, 0 for a special one.
        app_token: whether it wants the app-level token (`xapp-`) instead.
    """

    run: Run
    needs: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    tier: int = 0
    app_token: bool = False
