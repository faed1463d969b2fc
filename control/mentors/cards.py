"""What a mentor says of himself: in an application, and on the card that others see."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec

from common.clock import ms_of
from common.errors import MadangError
from control import faults
from control.mentors.views import Mentor, OnlineHours

_hours: Final = msgspec.json.Decoder(list[OnlineHours])


def tidy_hours(hours: Sequence[OnlineHours]) -> str:
    """The hours as they are kept, in their order. Raises `invalid` for those that end before they begin, or overlap."""
    ordered = sorted(hours, key=lambda each: (each.day, each.begins))
    for each in ordered:
        if each.begins >= each.ends:
            raise MadangError("invalid", fields={"hours": faults.ENDS_BEFORE})
    for one, other in pairwise(ordered):
        if one.day == other.day and other.begins < one.ends:
            raise MadangError("invalid", fields={"hours": faults.OVERLAP})
    return msgspec.json.encode(ordered).decode()


def read_hours(text: str) -> list[OnlineHours]:
    """Hours that were kept."""
    return _hours.decode(text)


def mentor(row: Any) -> Mentor:
    """A row of `listed_mentors`, as everybody sees it."""
    return Mentor(
        id=row["id"],
        nickname=row["nickname"],
        avatar=row["avatar"],
        company=row["company"],
        department=row["department"],
        introduction=row["introduction"],
        hours=read_hours(row["hours"]),
        categories=row["categories"],
        since=ms_of(row["since"]),
        followers=row["followers"],
        answers=row["answers"],
        reviews=row["reviews"],
        rating=row["rating"] / 100 if row["reviews"] else None,
        following=row["following"],
    )
