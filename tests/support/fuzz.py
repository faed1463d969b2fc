"""Values of a Struct's own schema for Hypothesis, and values that are nearly so.

`valid(kind)` gives JSON builtins that decode as `kind`; `nearly(kind)` gives JSON texts in which something is off: a type,
a bound, a field, a character. `pools` names fields whose values matter (`{"room": [a, b]}`), so that what is generated does
something, too. How much is tried is set for all properties at once: the same examples in every ordinary run, so that what
turns red has been changed; and with `MADANG_FUZZ=100` so many times as much, at random, when somebody has the time.
"""

from __future__ import annotations

import json
import os
import string
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from msgspec import inspect

Pools = Mapping[str, Sequence[Any]]

_TIMES = float(os.environ.get("MADANG_FUZZ", "1"))
_HEX = "0123456789abcdef"
_ODD_TEXTS = [
    "", " ", "\x00", "\u200b", "\ud800", "\udfff\ud800", "\ufeff", "\u2028", "é", "👩‍👩‍👧‍👦", "힣" * 64, "x" * 65,
    "$where", "../../etc", "null", "__proto__", "0", "-1",
]  # fmt: skip
_ODD_NUMBERS = [
    0,
    -1,
    -0.0,
    1.5,
    1e308,
    10**12 - 1,
    10**12,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**400,
]


class Frames(list[str]):
    """Texts to send, that say in a line each what they are when a test fails on them."""

    def __repr__(self) -> str:
        return f"Frames([{', '.join(repr(text)[:_SHOWN] for text in self)}])"


_SHOWN = 600  # characters of a text's repr: what is wrong with it is mostly near its beginning


def frames(one: st.SearchStrategy[str], most: int) -> st.SearchStrategy[Frames]:
    """One to `most` of them."""
    return st.lists(one, min_size=1, max_size=most).map(Frames)


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(_ODD_NUMBERS)
    | st.sampled_from(_ODD_TEXTS)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def settle() -> None:
    """Make these the settings of every property: called once, before tests are collected."""
    settings.register_profile(
        "madang", derandomize=_TIMES <= 1, max_examples=max(1, int(50 * _TIMES)), deadline=None
    )
    settings.load_profile("madang")


def amount(examples: int) -> settings:
    """So many examples, times `MADANG_FUZZ`, without a deadline: real services answer when they can.

    What is found is made small only when there is time for it: that takes minutes against real services.
    """
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    return settings(
        max_examples=max(1, int(examples * _TIMES)),
        deadline=None,
        phases=[*phases, Phase.shrink] if _TIMES > 1 else phases,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


# --- valid ------------------------------------------------------------------------------------------------------------


def valid(kind: Any, pools: Pools | None = None) -> st.SearchStrategy[Any]:
    """Values, as JSON's builtins, that decode as `kind`. Raises TypeError for a kind we have not met yet."""
    return _of(inspect.type_info(kind), "", pools or {})


def _of(info: inspect.Type, name: str, pools: Pools) -> st.SearchStrategy[Any]:
    if name in pools:
        return st.sampled_from(list(pools[name]))
    match info:
        case inspect.Metadata():
            return _of(info.type, name, pools)
        case inspect.UnionType():
            return st.one_of([_of(each, name, pools) for each in info.types])
        case inspect.StructType():
            return _struct(info, pools)
        case inspect.ListType() | inspect.VarTupleType():
            return st.lists(
                _of(info.item_type, name, pools),
                min_size=info.min_length or 0,
                max_size=min(info.max_length or 4, 4),
            )
        case inspect.DictType():
            return st.dictionaries(
                _of(info.key_type, name, pools), _of(info.value_type, name, pools), max_size=3
            )
        case _:
            return _scalar(info)


def _struct(info: inspect.StructType, pools: Pools) -> st.SearchStrategy[dict[str, Any]]:
    fields = {field.encode_name: _of(field.type, field.encode_name, pools) for field in info.fields}
    needed = {field.encode_name for field in info.fields if field.required}
    tag = {} if info.tag is None else {str(info.tag_field): st.just(info.tag)}
    return st.fixed_dictionaries(
        {**tag, **{name: fields[name] for name in fields if name in needed}},
        optional={name: fields[name] for name in fields if name not in needed},
    )


def _scalar(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StrType():
            return _text(info)
        case inspect.IntType():
            low = info.ge if info.ge is not None else info.gt + 1 if info.gt is not None else -(2**53)
            high = info.le if info.le is not None else info.lt - 1 if info.lt is not None else 2**53
            return st.integers(low, high)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.LiteralType():
            return st.sampled_from(list(info.values))
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.AnyType():
            return st.none()
    raise TypeError(f"no values for {info}")


def _text(info: inspect.StrType) -> st.SearchStrategy[str]:
    low, high = info.min_length or 0, info.max_length or 200
    if info.pattern is None:
        return st.text(st.characters(exclude_categories=["Cs"]), min_size=low, max_size=min(high, low + 200))
    if "[0-9a-f]{8}" in info.pattern:
        return st.uuids().map(str)
    if "[0-9A-Za-z_.-]" in info.pattern:
        return st.text(
            string.ascii_letters + string.digits + "_.-", min_size=low, max_size=min(high, low + 8)
        )
    return st.from_regex(info.pattern, fullmatch=True).filter(lambda text: low <= len(text) <= high)


# --- nearly -----------------------------------------------------------------------------------------------------------


@st.composite
def nearly(draw: st.DrawFn, kind: Any, pools: Pools | None = None) -> str:
    """The JSON text of a value of `kind` with one to three things wrong, or perhaps just odd."""
    value: Any = draw(valid(kind, pools))
    for _ in range(draw(st.integers(1, 3))):
        if isinstance(value, dict):
            value = draw(_bent(value))
    text = json.dumps(value, ensure_ascii=draw(st.booleans()) or _has_surrogate(value))
    return draw(_garbled(text))


def _has_surrogate(value: Any) -> bool:
    return any(0xD800 <= ord(each) <= 0xDFFF for each in json.dumps(value, ensure_ascii=False))


@st.composite
def _bent(draw: st.DrawFn, value: dict[str, Any]) -> dict[str, Any]:
    bent = dict(value)
    names = [*bent, "id", "surplus"]
    name = draw(st.sampled_from(names))
    match draw(st.sampled_from(["odd", "gone", "deep", "long", "listed"])):
        case "gone":
            bent.pop(name, None)
        case "deep":
            deep: Any = {}
            for _ in range(draw(st.sampled_from([2, 100, 900]))):
                deep = [deep]
            bent[name] = deep
        case "long":
            bent[name] = str(bent.get(name, "")) * 3 + "x" * draw(st.sampled_from([1, 64, 4001, 20_000]))
        case "listed":
            bent[name] = [bent.get(name)] * draw(st.sampled_from([1, 11, 51, 300]))
        case _:
            bent[name] = draw(odd)
    return bent


@st.composite
def _garbled(draw: st.DrawFn, text: str) -> str:
    match draw(
        st.sampled_from(["as it is"] * 6 + ["twice", "cut", "nested", "spaced", "surrogate", "infinite"])
    ):
        case "twice" if text.startswith('{"'):
            return '{"id":"twice","type":"ping",' + text[1:]
        case "cut":
            return text[: draw(st.integers(0, len(text)))]
        case "nested":
            return f"[{text}]"
        case "spaced":
            return f" \n\t{text}\r "
        case "surrogate":
            return text.replace('":"', '":"\\ud800', 1)
        case "infinite":
            return text.replace('":', '":Infinity,"x":', 1)
    return text


def built(kind: Any) -> st.SearchStrategy[Any]:
    """Structs of `kind`, rather than their JSON."""
    return valid(kind).map(lambda value: msgspec.convert(value, kind))
