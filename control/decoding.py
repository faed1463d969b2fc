"""What a client sent, as values: the parts of a path, a query, a body. Or everything that is wrong with it, at once.

What is right is decoded once, by msgspec, which stops at the first fault. Only what is refused is looked at again, field by
field, so that somebody with a form sees all of his mistakes and not one after the other. Nothing is taken that we do not
know: a word with a typing mistake would be dropped in silence, and a room meant to be secret would be open.

This module knows nothing of requests, and of no rule between fields: those are the services'.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, islice
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from werkzeug.datastructures import MultiDict

from common.errors import MadangError
from control import faults

MOST: Final = 20  # faults told of one request: where all is wrong, a list of it helps nobody
_LONGEST_NAME: Final = 64  # characters told of a name that we do not know
_NUL_IN_JSON: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_UNIONS: Final = (Union, types.UnionType)

S = TypeVar("S", bound=Struct)
T = TypeVar("T")
Fault = tuple[str, str]  # where, and what; the whole is ""


class Nothing(Struct, forbid_unknown_fields=True):
    """The query of an operation that takes none."""


def path_values(kinds: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """The parts of a path, by name. Raises `invalid`."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, kind in kinds.items():
        try:
            values[name] = msgspec.convert(said[name], kind, strict=False)
        except msgspec.ValidationError as fault:
            wrong[name] = faults.of(fault)["$"]
    wrong |= dict(_nuls(values))
    if wrong:
        raise MadangError("invalid", fields=wrong)
    return values


def query(kind: type[S], said: MultiDict[str, str]) -> S:
    """A query string as a Struct: text becomes numbers where asked. Raises `invalid`."""
    lists = _lists(kind)
    values = {name: texts if name in lists else texts[0] for name, texts in said.lists()}
    twice = [(name, faults.ONCE) for name, texts in said.lists() if len(texts) > 1 and name not in lists]
    wrong: Iterable[Fault] = [*_nuls(values), *twice]
    try:
        decoded = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError:
        wrong = chain(_faults(kind, values, strict=False), wrong)
    else:
        if not wrong:
            return decoded
    raise _invalid(wrong, otherwise={})


def body(kind: type[S], said: bytes) -> S:
    """A JSON body as a Struct; none at all is an empty object, whose missing fields are then named.

    Raises `malformed` for what is no JSON, and `invalid`.
    """
    said = said or b"{}"
    try:
        decoded = _json(said, kind)
    except msgspec.ValidationError as fault:
        first = faults.of(fault)
    else:
        if not _NUL_IN_JSON.search(said):
            return decoded
        first = {}
    value = _json(said, Any)
    raise _invalid(chain(_faults(kind, value), _nuls(value)), otherwise=first)


def _json(said: bytes, kind: type[T]) -> T:
    """Raises `malformed`, or msgspec's ValidationError."""
    try:
        return msgspec.json.decode(said, type=kind)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise MadangError("malformed", fields=faults.where_unreadable(fault)) from None


def _invalid(wrong: Iterable[Fault], *, otherwise: dict[str, str]) -> MadangError:
    """What is wrong; `otherwise` is what msgspec met first, in a body whose last word on a field was right again."""
    told = dict(islice(((where or "$", what) for where, what in wrong), MOST))
    return MadangError("invalid", fields=told or otherwise)


@cache
def _lists(kind: type[Struct]) -> frozenset[str]:
    """The fields of a query that may be said more than once."""
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if any(get_origin(each) is list for each in _alternatives(field.type))
    )


# --- everything that is wrong -----------------------------------------------------------------------------------------


def _faults(kind: Any, value: Any, *, strict: bool = True) -> Iterator[Fault]:
    """All faults of `value` as a `kind`: those of its parts, or the one of the whole when its parts are sound."""
    try:
        msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as fault:
        first = faults.of(fault)
    else:
        return
    parts = _faults_of_parts(kind, value, strict=strict)
    told = next(parts, None)
    if told is None:
        yield from ((where.removeprefix("$"), what) for where, what in first.items())
    else:
        yield told
        yield from parts


def _faults_of_parts(kind: Any, value: Any, *, strict: bool) -> Iterator[Fault]:
    for each in _alternatives(kind):
        if isinstance(value, list) and get_origin(each) is list:
            [item] = get_args(each)
            for index, part in enumerate(value):
                yield from _at(f"[{index}]", _faults(item, part, strict=strict))
        elif isinstance(value, dict) and _is_said_by(value, each):
            yield from _faults_of_fields(each, value, strict=strict)


def _faults_of_fields(kind: type[Struct], value: Mapping[str, Any], *, strict: bool) -> Iterator[Fault]:
    known = {kind.__struct_config__.tag_field}
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        known.add(name)
        if name in value:
            yield from _at(name, _faults(field.type, value[name], strict=strict))
        elif field.required:
            yield name, faults.REQUIRED
    if kind.__struct_config__.forbid_unknown_fields:
        yield from ((name[:_LONGEST_NAME], faults.UNKNOWN) for name in value if name not in known)


def _alternatives(kind: Any) -> Iterator[Any]:
    """What `kind` may be, without what is said about it."""
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif get_origin(kind) in _UNIONS:
        for each in get_args(kind):
            yield from _alternatives(each)
    else:
        yield kind


def _is_said_by(value: Mapping[str, Any], kind: Any) -> bool:
    """Whether an object is meant to be a `kind`: a Struct, by its tag where it has one."""
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        return False
    config = kind.__struct_config__
    return config.tag_field is None or value.get(config.tag_field) == config.tag


def _at(where: str, wrong: Iterable[Fault]) -> Iterator[Fault]:
    return (
        (f"{where}.{inner}" if inner[:1] not in ("", "[") else where + inner, what) for inner, what in wrong
    )


def _nuls(value: Any) -> Iterator[Fault]:
    """Where U+0000 is: no text of PostgreSQL can hold it, and no text of a person needs to."""
    match value:
        case str() if "\0" in value:
            yield "", faults.NUL
        case list():
            for index, item in enumerate(value):
                yield from _at(f"[{index}]", _nuls(item))
        case dict():
            for name, item in value.items():
                yield from _nuls(name)
                yield from _at(name, _nuls(item))
