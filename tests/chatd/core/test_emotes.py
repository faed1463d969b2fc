"""A room is shown as many emoji as anybody can look at."""

from __future__ import annotations

from chatd.core import rules
from chatd.core.emotes import BURST, NAMED, RATE, Emotes


def test_every_name_is_one_emoji() -> None:
    assert set(NAMED) == {"happy", "love", "bad", "sad"}
    for emoji in NAMED.values():
        rules.emoji(emoji)


def test_a_room_has_its_measure_and_another_one_its_own() -> None:
    emotes = Emotes()
    shown = [emotes.may_show("yard", 0) for _ in range(200)]
    assert shown == [True] * int(BURST) + [False] * (200 - int(BURST))
    assert emotes.may_show("well", 0)
    assert sum(emotes.may_show("yard", 1) for _ in range(200)) == RATE


def test_rooms_are_forgotten_and_no_memory_grows() -> None:
    emotes = Emotes()
    for number in range(5000):
        emotes.may_show(f"room {number}", 0)
    assert len(emotes._rooms) <= 1000
