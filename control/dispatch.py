"""One request through one operation: who asks, may they, how often; decode, call, encode.

The order is the cheapest refusal first, and nothing is read of a body before its sender may send it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from quart import Request, Response, g, request

from common.errors import MadangError
from common.logs import bind
from common.tokens import ACCESS_COOKIE
from control import decoding
from control.operations import PUBLIC, Call, Document, Operation
from control.principal import Principal, principal_of

_JSON: Final = "application/json"


def view_of(operation: Operation) -> Callable[..., Awaitable[Response]]:
    """The Quart view that serves `operation`. It raises what went wrong; `app.py` turns that into a problem."""

    async def view(**path: str) -> Response:
        call: Call = g.call
        await _admit(operation, call)
        arguments = decoding.path_values(operation.path_parameters, path)
        if operation.takes_call:
            arguments["call"] = call
        query = decoding.query(operation.query or decoding.Nothing, request.args)
        if operation.query is not None:
            arguments["query"] = query
        if operation.body is not None:
            arguments["body"] = await _body(operation.body, request, operation.body_limit)
        return _response(operation, call, await operation.handler(**arguments))

    view.__name__ = operation.name
    return view


async def _admit(operation: Operation, call: Call) -> None:
    """Raises unless this caller may call this operation now."""
    if operation.permission is not PUBLIC:
        call.principal = await _authenticate(operation, call)
        bind(user=call.principal.user, session=call.principal.session)
        if not call.principal.may(operation.permission):
            raise MadangError("forbidden")
    if operation.rate is not None:
        who = call.principal.user if call.principal else call.address
        await call.services.limits.take((f"{operation.name}:{who}", operation.rate))


async def _authenticate(operation: Operation, call: Call) -> Principal:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    token = call.cookies.get(ACCESS_COOKIE, "") if by_cookie else token.strip()
    if not token:
        raise MadangError("unauthenticated")
    if by_cookie and operation.changes_state:
        call.require_our_pages()
    return await principal_of(call.services, token, address=call.address, by_cookie=by_cookie)


async def _body(kind: type[msgspec.Struct], asked: Request, limit: int) -> msgspec.Struct:
    """The body, no longer than `limit` bytes, as a Struct."""
    if (asked.content_length or 0) > limit:
        raise MadangError("too_large")
    said = await asked.get_data(cache=False, as_text=False, parse_form_data=False)
    if len(said) > limit:
        raise MadangError("too_large")
    if said and asked.mimetype != _JSON:
        raise MadangError("unsupported_media")
    return decoding.body(kind, said)


def _response(operation: Operation, call: Call, result: object) -> Response:
    if isinstance(result, Document):
        response = Response(result.body, result.status, content_type=result.media_type)
        response.headers.update(result.headers)
    elif result is None:
        response = Response(b"", operation.status)
        response.headers.pop("content-type", None)
    else:
        response = Response(msgspec.json.encode(result), operation.status, content_type=_JSON)
    for name, value in call.answer_headers:
        response.headers.add(name, value)
    return response
