"""Finding: ranked by the database or the cache, shown as whoever asks may see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from common.errors import MadangError
from common.postgres import Connection
from control.search import kinds, queries
from control.search.cache import Ranked
from control.search.views import (
    MOST,
    SUGGESTED,
    Hits,
    Kind,
    SearchQuery,
    Suggestions,
    SuggestQuery,
)
from control.services import Services
from control.words import line

WORDS: Final = 5  # of what is sought that count
_LEAST: Final = 3  # keystrokes that are sought inside of words, too; fewer have no trigram there

Found = list[tuple[Kind, str]]
T = TypeVar("T")
Rank = Callable[[Connection, Kind, str], Awaitable[list[Ranked]]]
Show = Callable[[Connection, str, Kind, Sequence[str]], Awaitable[dict[str, T]]]


async def search(services: Services, user: str, query: SearchQuery) -> Hits:
    """What fits best. Raises `invalid`."""
    text = line("text", query.text)
    if len(text) < 2:
        raise MadangError("invalid", fields={"text": "Expected `str` of length >= 2"})
    found = await _find(services, "search", text, query.kind, _rank)
    return Hits(await services.db.read(_shown, user, found, query.limit, kinds.hits))


async def suggest(services: Services, user: str, query: SuggestQuery) -> Suggestions:
    """What it may become. Raises `invalid`."""
    text = line("text", query.text)
    found = await _find(services, "suggest", text, query.kind, _suggest)
    return Suggestions(await services.db.read(_shown, user, found, SUGGESTED, kinds.suggestions))


async def _find(services: Services, how: str, text: str, kind: Kind | None, rank: Rank) -> Found:
    """What was found, the best first: from the cache, and what is not there, from the database."""
    text = text.casefold()
    slots = await services.searches.look_up(how, text, kinds.KINDS if kind is None else [kind])
    rankings = {slot.kind: slot.ranking for slot in slots if slot.ranking is not None}
    missing = [slot for slot in slots if slot.ranking is None]
    if missing:
        rankings |= await services.db.transaction(_rank_all, text, [slot.kind for slot in missing], rank)
        for slot in missing:
            await services.searches.keep(slot, rankings[slot.kind])
    every = [(each, of) for of, ranking in rankings.items() for each in ranking]
    every.sort(key=lambda found: (found[0].score, found[0].id), reverse=True)
    return [(of, each.id) for each, of in every[:MOST]]


async def _rank_all(
    connection: Connection, text: str, wanted: list[Kind], rank: Rank
) -> dict[Kind, list[Ranked]]:
    begun = await connection.fetchrow(queries.BEGIN, text, str(queries.LIKENESS))
    strokes: str = begun["strokes"] if begun is not None else ""
    return {kind: await rank(connection, kind, strokes) if strokes else [] for kind in wanted}


async def _rank(connection: Connection, kind: Kind, strokes: str) -> list[Ranked]:
    words = [pattern(word) for word in strokes.split()[:WORDS]]
    words += words[-1:] * (WORDS - len(words))
    rows = await connection.fetch(queries.RANK, kind, strokes, f"{strokes}%", *words, MOST)
    return [Ranked(row["id"], row["score"]) for row in rows]


async def _suggest(connection: Connection, kind: Kind, strokes: str) -> list[Ranked]:
    rows = await connection.fetch(queries.SUGGEST, kind, strokes, f"{strokes}%", f"% {strokes}%", SUGGESTED)
    return [Ranked(row["id"], row["score"]) for row in rows]


def pattern(strokes: str) -> str:
    """What a word matches: anywhere inside of another, or when it is short, at the beginning of one."""
    return f"%{strokes}%" if len(strokes) >= _LEAST else f"% {strokes}%"


async def _shown(connection: Connection, user: str, found: Found, limit: int, show: Show[T]) -> list[T]:
    """The first `limit` of what was found that `user` may see."""
    shown: list[T] = []
    rest = found
    while rest and len(shown) < limit:
        page, rest = rest[: limit - len(shown)], rest[limit - len(shown) :]
        there: dict[tuple[Kind, str], T] = {}
        for kind in dict.fromkeys(kind for kind, _ in page):
            ids = [each for of, each in page if of == kind]
            there |= {(kind, each): hit for each, hit in (await show(connection, user, kind, ids)).items()}
        shown += [there[each] for each in page if each in there]
    return shown
