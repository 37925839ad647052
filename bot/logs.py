"""Structured logs that leak nothing.

Events carry fields (`tenant_id`, `request_id`, `workflow_id`). A last processor
removes what looks like a secret from every value, in case one slips into a message
of a library: tokens, client secret values, private keys, authorization headers.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, cast

import structlog

HIDDEN = "[hidden]"
OURS = ("bot", "handlers", "store")
_SECRETS = re.compile(
    r"xox[a-z]-[A-Za-z0-9-]+"  # Slack tokens
    r"|xapp-[A-Za-z0-9-]+"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"  # JWTs
    r"|[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"  # client secret values of Entra
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?i:bearer\s+)[A-Za-z0-9._~+/=-]+"
    r"|(?i:client_secret|client_assertion)=[^&\s\"']+"
    r"|https://hooks\.slack\.com/\S+",  # response addresses post without a token
    re.DOTALL,
)
_SECRET_NAMES = frozenset(
    {"token", "secret", "password", "authorization", "credential", "private_key"}
)


def configure(*, as_json: bool, level: str) -> None:
    """Send our own and every library's log lines to stderr in one form."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # A line that nobody wants is dropped before any work is done for it.
    early = structlog.stdlib.filter_by_level
    structlog.configure(
        processors=[
            early,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=_last_processors(as_json)
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    _set_levels(level)


def _last_processors(as_json: bool) -> list[structlog.types.Processor]:
    drawn: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide_secrets,
        drawn,
    ]


def _set_levels(level: str) -> None:
    """Libraries speak from WARNING on: below it they quote bodies and addresses."""
    logging.getLogger().setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def hide_secrets(
    _logger: Any, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Replace what looks like a secret, by the field's name or by its shape."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if name.lower() in _SECRET_NAMES:
        return HIDDEN
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value)
        return {key: _hidden(str(key), each) for key, each in pairs.items()}
    if isinstance(value, list | tuple):
        return [_hidden(name, each) for each in value]
    return value if isinstance(value, int | float | bool | None) else redact(str(value))


def redact(text: str) -> str:
    """The text without anything that has the shape of a secret."""
    return _SECRETS.sub(HIDDEN, text)
