"""What one types about a message, and how what became of it is shown."""

from __future__ import annotations

from typing import Any

import pytest

from chatd.client.terminal.changes import Delete, Edit, Missing, Pin, React, Reply, change_in
from chatd.client.terminal.layout import Look, rows_of
from chatd.client.terminal.transcript import Transcript
from chatd.client.terminal.words import say
from common import protocol
from tests.chatd.client.terminal.test_transcript import NOON, look, plain


def message(seq: int, sender: str, text: str, reply_to: int | None = None) -> protocol.Message:
    return protocol.Message(
        seq=seq, at=NOON, room="r", mseq=seq, sender=sender, client_id=f"name-{seq:04}", text=text, reply_to=reply_to
    )  # fmt: skip


@pytest.fixture
def transcript() -> Transcript:
    """Jun asked, I answered, and both went on."""
    transcript = Transcript(reader="me")
    for event in (
        message(1, "jun", "점심?"),
        message(2, "me", "네!", 1),
        message(3, "jun", "12시"),
        message(4, "me", "좋아요"),
    ):
        transcript.event(event)
    return transcript


def rows(transcript: Transcript, seq: int, **options: bool) -> list[str]:
    (entry,) = [entry for entry in transcript.shown() if entry.seq == seq]
    return [plain(row) for row in rows_of(entry, wide(transcript, **options))]


def wide(transcript: Transcript, **options: bool) -> Look:
    plainly = look(60)
    return Look(60, "en", plainly.name_of, plainly.zone, transcript.sayings, **options)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("/reply 그래요", Reply(3, "그래요")),
        ("/reply #1 그래요", Reply(1, "그래요")),
        ("/edit 좋아요!", Edit(4, "좋아요!")),
        ("/edit #2 아니요", Edit(2, "아니요")),
        ("/edit #2", Missing("a text")),
        ("/delete", Delete(4)),
        ("/delete #1", Delete(1)),
        ("/react 👍", React(3, "👍", on=True)),
        ("/react #4 👍", React(4, "👍", on=True)),
        ("/react", Missing("an emoji")),
        ("/pin", Pin(4, on=True)),
        ("/pin #1", Pin(1, on=True)),
        ("/pin #9", Missing("a message")),
        ("/reply #nine", Reply(3, "#nine")),
    ],
)
def test_a_message_is_named_by_its_number_or_is_the_newest_that_fits(
    transcript: Transcript, line: str, change: object
) -> None:
    command, _, rest = line.partition(" ")
    assert change_in(command, rest, transcript) == change


def test_what_is_missing_can_be_said() -> None:
    for what in ("a text", "an emoji"):
        assert say("en", what) != say("ko", what)


def test_where_nothing_was_said_nothing_can_be_meant() -> None:
    assert change_in("/edit", "x", Transcript(reader="me")) == Missing("a message")


def test_doing_it_again_takes_it_back(transcript: Transcript) -> None:
    transcript.event(protocol.Reaction(seq=5, at=NOON, room="r", of=3, emoji="👍", change="added", user="me"))
    transcript.event(protocol.Pin(seq=6, at=NOON, room="r", of=1, change="pinned", by="jun"))
    assert change_in("/react", "👍", transcript) == React(3, "👍", on=False)
    assert change_in("/react", "❤️", transcript) == React(3, "❤️", on=True)
    assert change_in("/pin", "#1", transcript) == Pin(1, on=False)


def test_what_became_of_a_message_is_shown_with_it(transcript: Transcript) -> None:
    transcript.event(protocol.MessageEdited(seq=5, at=NOON, room="r", of=1, text="저녁?", by="jun"))
    transcript.event(protocol.Reaction(seq=6, at=NOON, room="r", of=1, emoji="👍", change="added", user="me"))
    transcript.event(protocol.Pin(seq=7, at=NOON, room="r", of=1, change="pinned", by="me"))
    assert rows(transcript, 1) == ["12:00 jun 저녁?", "      edited  📌  👍 1  replies: 1"]
    assert rows(transcript, 2) == ["      ↳ jun: 저녁?", "12:00 me 네!"]


def test_a_deleted_message_leaves_its_place(transcript: Transcript) -> None:
    transcript.event(protocol.MessageDeleted(seq=5, at=NOON, room="r", of=1, by="jun"))
    assert rows(transcript, 1)[0] == "12:00 jun message deleted"
    assert rows(transcript, 2)[0] == "      ↳ jun: message deleted"
    assert transcript.last(mine=False) is transcript.sayings[3]


def test_numbers_are_shown_when_they_are_wanted(transcript: Transcript) -> None:
    assert rows(transcript, 3, numbers=True) == ["12:00 #3 jun 12시"]


def test_a_page_shows_messages_as_they_are_by_now() -> None:
    transcript = Transcript(reader="me")
    states = [
        protocol.State(seq=1, deleted=protocol.Marked(seq=8, at=NOON, by="jun")),
        protocol.State(seq=2, edited=protocol.Edited(seq=9, at=NOON, text="better")),
    ]
    transcript.begin(
        protocol.Page(events=[message(1, "jun", ""), message(2, "me", "well")], more=False, states=states)
    )
    assert rows(transcript, 1) == ["12:00 jun message deleted"]
    assert rows(transcript, 2) == ["12:00 me better", "      edited"]


def test_what_was_heard_while_a_page_was_on_its_way_is_not_undone_by_it() -> None:
    transcript = Transcript(reader="me")
    transcript.begin(protocol.Page(events=[message(4, "me", "좋아요")], more=True, as_of=4))
    page = protocol.Page(events=[message(1, "jun", "at first")], more=False, as_of=5)
    base: dict[str, Any] = {"room": "r", "of": 1}
    reacted: dict[str, Any] = {**base, "emoji": "👍", "user": "jun"}
    transcript.event(protocol.Reaction(seq=5, at=NOON, **{**reacted, "emoji": "❤️"}, change="removed"))
    transcript.event(protocol.Reaction(seq=6, at=NOON, **reacted, change="added"))
    transcript.event(protocol.MessageEdited(seq=7, at=NOON, **base, text="better", by="jun"))
    transcript.prepend(page)
    assert rows(transcript, 1) == ["12:00 jun better", "      edited  👍 1"]


def test_an_answer_of_mine_on_its_way_shows_what_it_answers(transcript: Transcript) -> None:
    transcript.say(NOON, "me", "name-0009", "그래요", 3)
    entry = transcript.shown()[-1]
    shown = wide(transcript)
    assert [plain(row) for row in rows_of(entry, shown)] == ["      ↳ jun: 12시", "12:00 me 그래요 …"]
    transcript.event(
        protocol.Message(seq=5, at=NOON, room="r", mseq=5, sender="me", client_id="name-0009", text="그래요", reply_to=3)
    )  # fmt: skip
    assert [plain(row) for row in rows_of(entry, shown)] == ["      ↳ jun: 12시", "12:00 me 그래요 …"]
    assert transcript.sayings[3].replies == 1
