"""What is found is found by its keystrokes: the same ones on every server, for whatever people write."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator

import pytest

from common import aio
from common.postgres import Connection, Postgres, open_postgres

TYPED = (
    ("마당", "akekd"),
    ("  한강,  달리기! ", "gksrkd ekfflrl"),
    ("마다", "akek"),  # 마당 still being typed
    ("ㅁㄷ", "ae"),
    ("ㅋㅋ", "zz"),
    ("까치와 의사", "rrkcldhk dmltk"),
    ("값싼 닭볶음", "rkqtttks ekfrqhrrdma"),
    ("얘 예", "do dp"),  # with and without shift is one key
    ("akekd", "akekd"),  # 마당 with the keyboard left in English
    ("Café ＡＢＣ １２", "cafe abc 12"),
    ("C++ & C#", "c c"),
    ("“안녕…” 🎉", "dkssud"),
    ("漢字", "x6f22x5b57"),
    ("Ёлка", "x435x43bx43ax430"),
    ("100% sure_thing \\", "100 sure thing"),
    ("", ""),
    ("!?", ""),
)


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Postgres]:
    async with aio.open_loop(), open_postgres(migrated_url) as db:
        yield db


async def test_text_becomes_what_is_typed_for_it_however_it_is_composed(db: Postgres) -> None:
    async def typed(connection: Connection, said: str) -> list[str]:
        forms = [said, unicodedata.normalize("NFD", said), said.upper()]
        return [await connection.fetchval("SELECT keystrokes($1)", form) for form in forms]

    for said, strokes in TYPED:
        assert await db.read(typed, said) == [strokes] * 3, said
