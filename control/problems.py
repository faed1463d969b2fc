"""Errors as people and programs read them: `application/problem+json` (RFC 9457), in Korean or English.

Every answer that says no is made here, whatever said it: a service, msgspec, the router, a store that is away, a bug.
Of a bug nothing is shown but its request id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import msgspec
from werkzeug.exceptions import HTTPException

from common.errors import ERRORS, Language, MadangError, StoreUnavailable
from common.ids import uuid7
from common.logs import get_logger
from control import faults

MEDIA_TYPE: Final = "application/problem+json"
_log = get_logger(__name__)

_BY_STATUS: Final = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "malformed",
    413: "too_large",
    415: "unsupported_media",
}


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Why a request was refused. Programs branch on `code`; `title` is for people. `temporary`: it may succeed later."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    request_id: str
    temporary: bool = False
    detail: str | None = None
    retry_after_ms: int | None = None
    fields: dict[str, str] | None = None


def error_of(fault: Exception) -> MadangError:
    """`fault` as the answer it becomes; what nobody foresaw is `internal`, and goes to the log with its traceback."""
    match fault:
        case MadangError():
            return fault
        case StoreUnavailable():
            _log.warning("a store is away", store=fault.store, why=str(fault))
            return MadangError("unavailable", retry_after_ms=1000)
        case ExceptionGroup() if (
            fault.split(StoreUnavailable)[1] is None
        ):  # several stores asked side by side
            return error_of(next(_leaves(fault)))
        case HTTPException() if fault.code in _BY_STATUS:
            return MadangError(_BY_STATUS[fault.code])
        case HTTPException() if fault.code is not None and 400 <= fault.code < 500:
            return MadangError("malformed")
    _log.error("a request met a bug", exc_info=fault)
    return MadangError("internal")


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            yield from _leaves(fault)
        else:
            yield fault


def problem_of(error: MadangError, *, language: Language, path: str, request_id: str) -> Problem:
    """The document that says `error` to whoever asked for `path`."""
    fields = {where: faults.say(what, language) for where, what in error.fields.items()}
    return Problem(
        type=type_of(error.code),
        title=error.kind.sentence(language),
        status=error.kind.status,
        code=error.code,
        instance=quote(path),
        request_id=request_id,
        temporary=error.kind.temporary,
        detail="; ".join(f"{where}: {what}" for where, what in fields.items()) or None,
        retry_after_ms=error.retry_after_ms,
        fields=fields or None,
    )


def headers_of(error: MadangError) -> dict[str, str]:
    """Headers that go with `error`: when to come back (RFC 9110 §10.2.3), how to prove who you are (§11.6.1)."""
    headers = {"cache-control": "no-store"}
    if error.retry_after_ms is not None:
        headers["retry-after"] = str(-(-error.retry_after_ms // 1000))
    if error.kind.status == ERRORS["unauthenticated"].status:
        headers["www-authenticate"] = 'Bearer realm="madang"'
    return headers


def unasked(error: MadangError) -> tuple[int, list[tuple[str, str]], bytes]:
    """The whole answer to what never became a request: status, headers and body. In English, for nobody said otherwise."""
    problem = problem_of(error, language="en", path="/", request_id=uuid7())
    _log.info("refused before it was a request", code=error.code, request=problem.request_id)
    body = msgspec.json.encode(problem)
    headers = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "connection": "close",
        "x-request-id": problem.request_id,
        **headers_of(error),
    }
    return problem.status, list(headers.items()), body


def type_of(code: str) -> str:
    """The URI that names a kind of problem: its place on our own page of errors, relative to this server."""
    return f"/docs/errors#{code}"
