"""One request through one operation: who asks, may they, how often; decode, call, encode.

The order is the cheapest refusal first, and nothing is read of a body before its sender may send it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from quart import Request, Response, g, request
from werkzeug.datastructures import MultiDict

from common.errors import MadangError
from common.logs import bind
from common.tokens import ACCESS_COOKIE
from control import faults
from control.operations import PUBLIC, Call, Document, Operation
from control.principal import Principal, principal_of

_JSON: Final = "application/json"
_NUL_IN_JSON: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def view_of(operation: Operation) -> Callable[..., Awaitable[Response]]:
    """The Quart view that serves `operation`. It raises what went wrong; `app.py` turns that into a problem."""

    lists = _lists_of(operation.query)

    async def view(**path: str) -> Response:
        call: Call = g.call
        await _admit(operation, call)
        arguments = _path_values(operation, path)
        if operation.takes_call:
            arguments["call"] = call
        if operation.query is not None:
            arguments["query"] = _query(operation.query, lists, request.args)
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


def _path_values(operation: Operation, path: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for name, kind in operation.path_parameters.items():
        _refuse_nul(name, path[name])
        try:
            values[name] = msgspec.convert(path[name], kind, strict=False)
        except msgspec.ValidationError as fault:
            raise MadangError("invalid", fields={name: faults.of(fault)["$"]}) from None
    return values


@cache
def _lists_of(kind: type[msgspec.Struct] | None) -> frozenset[str]:
    """The fields of a query that may be said more than once."""
    if kind is None:
        return frozenset()
    info = msgspec.inspect.type_info(kind)
    fields = info.fields if isinstance(info, msgspec.inspect.StructType) else ()
    return frozenset(each.encode_name for each in fields if _is_list(each.type))


def _is_list(info: msgspec.inspect.Type) -> bool:
    inner = info.type if isinstance(info, msgspec.inspect.Metadata) else info
    return isinstance(inner, msgspec.inspect.ListType)


def _query(
    kind: type[msgspec.Struct], lists: frozenset[str], arguments: MultiDict[str, str]
) -> msgspec.Struct:
    """The query string as a Struct: text becomes numbers where asked."""
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        said = arguments.getlist(field.encode_name)
        _refuse_nul(field.encode_name, *said)
        if field.encode_name in lists:
            values[field.encode_name] = said
        elif len(said) > 1:
            raise MadangError("invalid", fields={field.encode_name: faults.ONCE})
        elif said:
            values[field.encode_name] = said[0]
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise MadangError("invalid", fields=faults.of(fault)) from None


def _refuse_nul(where: str, *texts: str) -> None:
    """No text of PostgreSQL can hold U+0000, and no text of a person needs to."""
    if any("\0" in text for text in texts):
        raise MadangError("invalid", fields={where: faults.NUL})


def _refuse_nul_in(value: Any, where: str) -> None:
    match value:
        case str():
            _refuse_nul(where or "$", value)
        case list():
            for index, item in enumerate(value):
                _refuse_nul_in(item, f"{where}[{index}]")
        case dict():
            for name, item in value.items():
                _refuse_nul(where or "$", name)
                _refuse_nul_in(item, f"{where}.{name}".removeprefix("."))


async def _body(kind: type[msgspec.Struct], asked: Request, limit: int) -> msgspec.Struct:
    """The JSON body as a Struct. No body at all is an empty object, whose missing fields are then named."""
    if (asked.content_length or 0) > limit:
        raise MadangError("too_large")
    body = await asked.get_data(cache=False, as_text=False, parse_form_data=False)
    if len(body) > limit:
        raise MadangError("too_large")
    if body and asked.mimetype != _JSON:
        raise MadangError("unsupported_media")
    try:
        decoded = msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as fault:
        raise MadangError("invalid", fields=faults.of(fault)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise MadangError("malformed", fields=faults.where_unreadable(fault)) from None
    if _NUL_IN_JSON.search(body):
        _refuse_nul_in(msgspec.json.decode(body), "")
    return decoded


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
