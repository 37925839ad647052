"""What a step came to, as it is stored: its result, or the error it ended with."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from dbos import DBOS

from bot.domain.errors import BotError
from bot.engine.errors import record_of
from bot.engine.serializer import as_stored
from store.engine import PASSING

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(milliseconds=500), timedelta(seconds=30)
TRIES = 25  # about ten minutes


async def recorded(
    name: str, func: Callable[..., Awaitable[Any]], args: tuple[Any, ...]
) -> dict[str, Any]:
    """Run a step's function; again while the database is in passing trouble.

    A step may run twice anyway. To record that trouble as the step's end would break
    its workflow off because somebody restarted the database.
    """
    tried = 0
    while True:
        try:
            return {"value": as_stored(await func(*args))}
        except BotError as error:
            return {"failed": record_of(error)}
        except Exception as error:
            if not isinstance(error, PASSING) or tried == TRIES:
                # Whatever it is, the workflow must see it again in the same way after
                # a restart; the log keeps what is not stored.
                log.exception("step_failed", step=name, workflow_id=DBOS.workflow_id)
                return {"failed": record_of(error)}
            log.warning("step_waits_for_database", step=name, error=str(error))
        await asyncio.sleep(min(FIRST_WAIT * 2**tried, LONGEST_WAIT).total_seconds())
        tried += 1
