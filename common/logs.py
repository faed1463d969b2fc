"""Structured logs: one line an event on standard error, as JSON or, for people, in colour.

`bind(connection=…)` adds fields to every line of the current task and of the tasks started from it. Values of fields
that carry secrets are struck out whatever wrote them, libraries included; tracebacks show code, never the values that
were in it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, Literal

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_SECRET: Final = ("password", "token", "secret", "authorization", "cookie", "proof")

bind = structlog.contextvars.bind_contextvars
bound = structlog.contextvars.bound_contextvars


def bound_to(name: str) -> str | None:
    """What the lines of this task carry under `name`; None when nothing was bound."""
    value: str | None = structlog.contextvars.get_contextvars().get(name)
    return value


def _strike_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in event:
        if any(word in key.lower() for word in _SECRET):
            event[key] = "[secret]"
    return event


def configure(*, style: Literal["json", "console"], level: str, program: str) -> None:
    """Set up logging for the whole process, once, before anything is logged. `program` is on every line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _strike_secrets,
    ]
    if style == "json":
        ending: list[Any] = [
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        ending = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=30,
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in (
        "asyncio",
        "botocore",
        "boto3",
        "urllib3",
        "pymongo",
        "trio-websocket",
        "hypercorn.access",
        "httpx",  # it tells URLs, and some carry keys
        "httpcore",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,  # first, so that what nobody wants costs nothing
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(program=program)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; call with a short event name and fields: `log.info("listening", port=9001)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
