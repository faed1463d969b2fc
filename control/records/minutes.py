"""How long somebody was there, by day and by category, out of when they came and went. Pure.

Stays may overlap: two rooms at once, two devices, a replica that was taken for dead and was not. Of one category no
moment counts twice, nor in a day's sum; so what the categories add up to may be more than the sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from control.records.days import Day

Span = tuple[int, int]  # from, to; milliseconds
MINUTE = 60_000


class Stay(NamedTuple):
    """Somebody was in a room of this category."""

    category: str
    entered: int
    left: int


class Times(NamedTuple):
    """Milliseconds for each day, in the order of the days; of each category that has any, and of all together."""

    by_category: dict[str, list[int]]
    sums: list[int]


def times(stays: Iterable[Stay], days: Sequence[Day]) -> Times:
    """How long they lasted on each of `days`, which follow each other."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for stay in stays:
        spans[stay.category].append((stay.entered, stay.left))
    by_category = {category: on_days(of, days) for category, of in spans.items()}
    everything = on_days((span for of in spans.values() for span in of), days)
    return Times({each: on for each, on in by_category.items() if any(on)}, everything)


def on_days(spans: Iterable[Span], days: Sequence[Day]) -> list[int]:
    """How much of `spans` lies on each of `days`, which follow each other; every moment counts once."""
    return _on_days(merged(spans), days)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments, each once: spans that neither touch nor overlap, in order."""
    result: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((begin, end))
    return result


def _on_days(spans: Sequence[Span], days: Sequence[Day]) -> list[int]:
    """How much of `spans`, which are merged, lies on each day. Goes through both once."""
    on = [0] * len(days)
    day = 0
    for begin, end in spans:
        while day < len(days) and days[day].ends <= begin:
            day += 1
        touched = day
        while touched < len(days) and days[touched].begins < end:
            on[touched] += min(end, days[touched].ends) - max(begin, days[touched].begins)
            touched += 1
    return on
