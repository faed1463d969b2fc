"""What the operations on conditions take and give, as Structs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from control.commons.views import Category, CategoryKey, PutCategory

ConditionList = Literal["places", "ways", "kinds"]
Place = Annotated[CategoryKey, Meta(examples=["library"])]
Way = Annotated[CategoryKey, Meta(examples=["delivery"])]
Kind = Annotated[CategoryKey, Meta(examples=["development"])]


class Condition(Category):
    """A place, a way or a kind, in both languages. A `retired` one is not offered any more, and is shown where it was chosen
    before."""


class Conditions(Struct, kw_only=True):
    """Every condition, in the order in which to show them, the retired ones last: where to meet, in which ways to eat, and
    which kinds of study there are."""

    places: list[Condition]
    ways: list[Condition]
    kinds: list[Condition]


class PutCondition(PutCategory):
    """How it is called, and where it stands in its list."""
