"""What a badge is awarded for: one of a few kinds of rule, and its numbers. As data: in the database and over HTTP alike."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from control.commons.views import CategoryKey

Category = Annotated[
    CategoryKey | None, Meta(description="In rooms about this; null: in any room", examples=["reading"])
]


class Rule(Struct, tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What somebody has to do, or be."""


class MinutesRule(Rule, tag="minutes", frozen=True):
    """To be in rooms for so many minutes within a day, week or month of one's own timezone."""

    minutes: Annotated[int, Meta(ge=1, le=20_000, examples=[60])]
    category: Category = None
    per: Literal["day", "week", "month"] = "week"


class StreakRule(Rule, tag="streak", frozen=True):
    """To be in rooms on so many days in a row, for so many minutes on each, by the days of one's own timezone."""

    days: Annotated[int, Meta(ge=2, le=366, examples=[7])]
    minutes: Annotated[int, Meta(ge=1, le=1_000, description="On each of the days", examples=[10])]
    category: Category = None


class FirstRule(Rule, tag="first", frozen=True):
    """To be among the first who signed up."""

    people: Annotated[int, Meta(ge=1, le=10_000, examples=[100])]


class GrantedRule(Rule, tag="granted", frozen=True):
    """To be given it by an admin."""


TimeRule = MinutesRule | StreakRule
AnyRule = TimeRule | FirstRule | GrantedRule

_decoder: Final[msgspec.json.Decoder[AnyRule]] = msgspec.json.Decoder(AnyRule)


def read_rule(text: str) -> AnyRule:
    """A rule that was kept."""
    return _decoder.decode(text)


def write_rule(rule: AnyRule) -> str:
    """A rule as it is kept."""
    return msgspec.json.encode(rule).decode()
