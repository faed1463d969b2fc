"""What the operations on points take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from common.protocol import Uuid
from control.cursor import Cursor
from control.points.ledger import Kind
from control.rooms.views import At

Note = Annotated[str, Meta(max_length=200, examples=["봄 축제에서 도와주셔서 고맙습니다"])]
Title = Annotated[str, Meta(examples=["인덱스를 손으로 그리기"])]
Balance = Annotated[int, Meta(ge=0, examples=[1200])]


class StatementQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class PointEntry(Struct, kw_only=True):
    """Points that came, or went (then `points` is negative), and the balance after that. `subject` is what it was about:
    of a reward the answer, of a purchase, refund or earning the class. `title` is that of the class, or of the `question`
    that was answered."""

    transfer: Uuid
    kind: Kind
    points: Annotated[int, Meta(examples=[-300])]
    balance: Balance
    subject: Uuid | None
    title: Title | None
    question: Uuid | None
    note: Note
    at: At


class Statement(Struct, kw_only=True):
    """How many points there are, and a page of how that came, the newest first. `next` is null on the last one."""

    balance: Balance
    entries: list[PointEntry]
    next: Cursor | None


class Grant(Struct, forbid_unknown_fields=True, kw_only=True):
    """Points for a person, who reads the note. `client_id` is my own for this grant: sent again, it grants nothing more."""

    client_id: Uuid
    person: Uuid
    points: Annotated[int, Meta(ge=1, le=1_000_000, examples=[500])]
    note: Note = ""
