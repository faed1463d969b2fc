"""An example of any type we send or take, made of the type itself: of its own examples, its defaults, its bounds."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import inspect

_UUID: Final = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"

_PLAIN: Final[dict[type[inspect.Type], Any]] = {
    inspect.FloatType: 1.5,
    inspect.BoolType: True,
    inspect.NoneType: None,
    inspect.AnyType: None,
    inspect.RawType: None,
}


def example_of(kind: Any) -> Any:
    """A value, as JSON's builtins, that decodes as `kind`. Raises TypeError for a kind we have not met yet."""
    return _example(inspect.type_info(kind), None)


def _example(info: inspect.Type, name: str | None) -> Any:
    match info:
        case inspect.Metadata():
            given = (info.extra_json_schema or {}).get("examples")
            return given[0] if given else _example(info.type, name)
        case inspect.UnionType():
            return _example(next(each for each in info.types if not isinstance(each, inspect.NoneType)), name)
        case inspect.StructType() | inspect.ListType() | inspect.VarTupleType() | inspect.DictType():
            return _whole(info, name)
        case _:
            return _scalar(info, name)


def _whole(info: inspect.Type, name: str | None) -> Any:
    match info:
        case inspect.StructType():
            fields = {field.encode_name: _field(field) for field in info.fields}
            return fields if info.tag is None else {info.tag_field: info.tag, **fields}
        case inspect.ListType() | inspect.VarTupleType():
            return [_example(info.item_type, name)]
        case inspect.DictType():
            return {_example(info.key_type, name): _example(info.value_type, name)}
    raise TypeError(f"no example for {info}")


def _field(field: inspect.Field) -> Any:
    if field.default not in (msgspec.NODEFAULT, None, "", False):
        return field.default
    return _example(field.type, field.encode_name)


def _scalar(info: inspect.Type, name: str | None) -> Any:
    match info:
        case inspect.StrType():
            return _UUID if info.pattern is not None else (name or "text").ljust(info.min_length or 0, "x")
        case inspect.IntType():
            return info.ge if info.ge is not None else 1
        case inspect.LiteralType():
            return info.values[0]
    if type(info) in _PLAIN:
        return _PLAIN[type(info)]
    raise TypeError(f"no example for {info}")
