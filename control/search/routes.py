"""Search over HTTP."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import trio

from common.errors import StoreUnavailable
from common.units import MINUTES
from control.operations import Call, Operations, Rate
from control.search import finding
from control.search.cache import PATIENCE
from control.search.views import Hits, SearchQuery, Suggestions, SuggestQuery

operations = Operations("search", "One box over rooms, questions, mentors and classes.")

_SEARCHES: Final = Rate(120, per=1 * MINUTES)
_SUGGESTIONS: Final = Rate(600, per=1 * MINUTES)


@operations.get("/api/v1/search", permission="search.read", errors=("rate_limited",))
async def search(call: Call, query: SearchQuery) -> Hits:
    """Search. Every word, anywhere in a word of a title, a tag or a text, in Hangul and in any other script; when that finds
    little, what looks alike. The best first, 100 at most. It also finds what was typed with the keyboard in the wrong
    language."""
    await _take(call, "search", _SEARCHES)
    return await finding.search(call.services, call.person.user, query)


@operations.get("/api/v1/search/suggestions", permission="search.read", errors=("rate_limited",))
async def suggest(call: Call, query: SuggestQuery) -> Suggestions:
    """Complete what is being typed. Titles that begin so, then those where a word does; a syllable may be half typed."""
    await _take(call, "suggest", _SUGGESTIONS)
    return await finding.suggest(call.services, call.person.user, query)


async def _take(call: Call, what: str, rate: Rate) -> None:
    """Not left to the declaration: a search goes on without Redis, and then is not counted."""
    with trio.move_on_after(PATIENCE), suppress(StoreUnavailable):
        await call.services.limits.take((f"{what}:{call.person.user}", rate))
