"""What a client sent is decoded once, or refused with everything that is wrong with it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType
from werkzeug.datastructures import MultiDict

from common.errors import MadangError
from control import decoding, faults

Name = Annotated[str, Meta(min_length=2)]


class Square(Struct, tag="square", tag_field="shape", forbid_unknown_fields=True):
    side: int


class Circle(Struct, tag="circle", tag_field="shape", forbid_unknown_fields=True):
    radius: int
    centre: str = ""


class Corner(Struct, forbid_unknown_fields=True):
    x: int
    y: int = 0


class Thing(Struct, forbid_unknown_fields=True, rename="camel"):
    name: Name
    how_many: Annotated[int, Meta(ge=1)]
    corners: Annotated[list[Corner], Meta(max_length=3)] = []
    shape: Square | Circle | None = None
    note: Name | UnsetType = UNSET
    middle: Corner | None = None


class Page(Struct, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(le=100)] = 10
    state: str | None = None
    tags: list[str] = []


def refused(body: Any) -> dict[str, str]:
    with pytest.raises(MadangError, match="invalid") as refusal:
        decoding.body(Thing, body if isinstance(body, bytes) else msgspec.json.encode(body))
    return dict(refusal.value.fields)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name": faults.REQUIRED, "howMany": faults.REQUIRED}),
        (
            {"name": "a", "howMany": 0, "note": "b"},
            {
                "name": "Expected `str` of length >= 2",
                "howMany": "Expected `int` >= 1",
                "note": "Expected `str` of length >= 2",
            },
        ),
        (
            {"name": 7, "howMany": 1, "corners": [{"x": 1}, {"x": "1", "z": 1}, {}], "how_many": 2},
            {
                "name": "Expected `str`, got `int`",
                "corners[1].x": "Expected `int`, got `str`",
                "corners[1].z": faults.UNKNOWN,
                "corners[2].x": faults.REQUIRED,
                "how_many": faults.UNKNOWN,
            },
        ),
        (
            {"name": "ab", "howMany": 1, "corners": [{"x": 1}] * 4, "middle": {"y": None}},
            {
                "corners": "Expected `array` of length <= 3",
                "middle.x": faults.REQUIRED,
                "middle.y": "Expected `int`, got `null`",
            },
        ),
        (
            {"name": "ab", "shape": {"shape": "circle", "centre": 1}},
            {
                "howMany": faults.REQUIRED,
                "shape.radius": faults.REQUIRED,
                "shape.centre": "Expected `str`, got `int`",
            },
        ),
        (
            {"name": "a\0b", "howMany": "many"},
            {"name": faults.NUL, "howMany": "Expected `int`, got `str`"},
        ),
        ({"name": "ab", "howMany": 1, "shape": {"shape": "cube"}}, {"shape.shape": "Invalid value 'cube'"}),
        ([], {"$": "Expected `object`, got `array`"}),
        (b"", {"name": faults.REQUIRED, "howMany": faults.REQUIRED}),
    ],
)
def test_a_body_with_several_faults_names_all_of_them(body: Any, fields: dict[str, str]) -> None:
    assert refused(body) == fields


def test_faults_are_told_in_the_order_of_the_form_and_not_without_end() -> None:
    assert [*refused({"zzz": 1, "howMany": 0, "name": "a"})] == ["name", "howMany", "zzz"]
    assert len(refused({f"nonsense{n}": n for n in range(1000)})) == decoding.MOST
    [name] = refused({"name": "ab", "howMany": 1, "x" * 5000: 1})
    assert len(name) < 100


def test_a_body_that_is_no_json_behind_its_first_fault_is_malformed() -> None:
    with pytest.raises(MadangError, match="malformed"):
        decoding.body(Thing, b'{"name": 1, "howMany": nonsense}')


def test_what_is_said_twice_is_refused_where_its_last_word_would_do() -> None:
    assert refused(b'{"name": 1, "name": "ab", "howMany": 1}') == {"name": "Expected `str`, got `int`"}


def test_a_query_with_several_faults_names_all_of_them() -> None:
    said = MultiDict([("limit", "500"), ("state", "a"), ("state", "b"), ("tags", "x\0"), ("sort", "up")])
    with pytest.raises(MadangError, match="invalid") as refusal:
        decoding.query(Page, said)
    assert refusal.value.fields == {
        "limit": "Expected `int` <= 100",
        "sort": faults.UNKNOWN,
        "tags[0]": faults.NUL,
        "state": faults.ONCE,
    }


def test_an_operation_that_takes_no_query_refuses_any() -> None:
    assert decoding.query(decoding.Nothing, MultiDict()) == decoding.Nothing()
    with pytest.raises(MadangError, match="invalid") as refusal:
        decoding.query(decoding.Nothing, MultiDict([("x", "1"), ("x", "2")]))
    assert refusal.value.fields == {"x": faults.ONCE}


def test_the_parts_of_a_path_are_told_together() -> None:
    kinds = {"room": Name, "seq": int, "person": str}
    assert decoding.path_values(kinds, {"room": "ab", "seq": "7", "person": "p"})["seq"] == 7
    with pytest.raises(MadangError, match="invalid") as refusal:
        decoding.path_values(kinds, {"room": "a", "seq": "x", "person": "\0"})
    assert refusal.value.fields.keys() == {"room", "seq", "person"}


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["name", "howMany", "corners", "shape", "note", "middle", "x", "y", "radius", "q"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(_values)
def test_what_msgspec_refuses_is_refused_with_reasons_and_nothing_else_is(value: Any) -> None:
    said = msgspec.json.encode(value)
    try:
        expected = msgspec.json.decode(said, type=Thing)
    except msgspec.ValidationError as fault:
        [where] = faults.of(fault)
        wrong = refused(said)
        assert wrong
        assert (
            any(each == where or each.startswith((f"{where}.", f"{where}[")) for each in wrong)
            or where == "$"
        )
    else:
        if b"\\u0000" in said:
            assert set(refused(said).values()) == {faults.NUL}
        else:
            assert decoding.body(Thing, said) == expected
