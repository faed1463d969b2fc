"""Keyset cursors: where a page ended, as text that clients hand back and need not understand.

A cursor holds the sort key of the last row that was shown, so the next page is found by an index wherever it lies, and
rows that come or go between two pages neither repeat nor hide others. It proves nothing and hides nothing: whoever makes
one up gets what he might have asked for anyway.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from common.errors import MadangError
from control import faults

Cursor = Annotated[
    str,
    Meta(
        min_length=4,
        max_length=200,
        description="From `next` of the page before",
        examples=["IjAxOThhOWQyLTZmNTAtN2MzZS05YjFhLTVmMGU2ZDJjNGI4YSI"],
    ),
]
LAST: Final = UUID(int=2**128 - 1)  # above every id: where a list that runs backwards begins
MS_BITS: Final = (
    80  # of a UUIDv7 stand below its milliseconds, so `ms << MS_BITS` is where that moment begins
)
T = TypeVar("T")


def seal(key: Any) -> str:
    """The cursor of `key`: text, a UUID, an aware datetime, or a tuple of those."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def unseal(cursor: str, kind: type[T]) -> T:
    """The key of this `kind` that `cursor` was made from. Raises `invalid`."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (binascii.Error, ValueError):
        raise MadangError("invalid", fields={"cursor": faults.NOT_A_CURSOR}) from None


class Cut(NamedTuple):
    """The rows of a page, and the cursor of the next one, if there is any."""

    rows: list[Any]
    next: str | None


def cut(rows: Sequence[Any], limit: int, key: Callable[[Any], Any]) -> Cut:
    """The page at the head of `rows`, of which one more than `limit` was read; `key` gives a row's sort key."""
    shown = list(rows[:limit])
    return Cut(shown, seal(key(shown[-1])) if len(rows) > limit else None)
