"""What goes on in a room while people are in it, in the words of the status line, and what one types about its timer. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from chatd.client.terminal.words import say
from common import protocol
from common.errors import Language
from common.protocol import LONGEST_TIMER, SHORTEST_TIMER
from common.units import HOURS, MINUTES, SECONDS, to_ms

_NAMED: Final = 3  # of those in a call
_UNITS: Final = {"h": to_ms(HOURS), "m": to_ms(MINUTES), "s": to_ms(SECONDS)}
_CLOCK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):(\d{2})", re.ASCII)
_SUM: Final = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?", re.ASCII)
_MINUTES: Final = re.compile(r"\d{1,4}", re.ASCII)
DEEDS: Final = ("pause", "resume", "reset")


def length_in(text: str) -> int | None:
    """How long `25` (minutes), `1:30`, `1:00:00`, `90s` or `1h30m` is, in milliseconds; None for what is no length, or none
    that a timer may have."""
    if _MINUTES.fullmatch(text):
        length = int(text) * _UNITS["m"]
    elif parts := _CLOCK.fullmatch(text) or _SUM.fullmatch(text.lower()):
        length = sum(
            int(part or 0) * unit for part, unit in zip(parts.groups(), _UNITS.values(), strict=True)
        )
    else:
        return None
    return length if SHORTEST_TIMER <= length <= LONGEST_TIMER else None


def clock(length: int) -> str:
    """So many milliseconds as a clock shows them, a second that has begun as a whole one: `24:59`, `1:00:00`."""
    seconds = -(-length // 1000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def timer_words(timer: protocol.TimerState | None, now: int, language: Language) -> str:
    """The timer as it is `now`, by the server's clock; nothing where there is none."""
    if timer is None or timer.phase == "none":
        return ""
    if timer.phase == "paused":
        return "⏸ " + clock(timer.remaining_ms or 0)
    left = max(0, (timer.ends_at or 0) - now)
    return "⏱ " + (clock(left) if left else say(language, "time is up"))


def call_words(call: protocol.CallNow | None, name_of: Callable[[str], str], language: Language) -> str:
    """Who is in the call, each person once and who came first at the front; nothing where nobody is."""
    if call is None or not call.peers:
        return ""
    people = list(dict.fromkeys(peer.user for peer in call.peers))
    names = ", ".join(name_of(user) for user in people[:_NAMED]) + ("…" if people[_NAMED:] else "")
    return say(language, "in the call", names=names)
