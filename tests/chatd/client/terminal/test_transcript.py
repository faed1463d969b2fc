"""What was said is shown in order, each once, with marks on one's own; and it fits the screen."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chatd.client.terminal.layout import Look, Row, row_width, rows_of, status_row, visible
from chatd.client.terminal.transcript import KEPT, Entry, Mark, Transcript
from common import protocol

NOON = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000


def message(seq: int, text: str = "", client_id: str = "of-another", sender: str = "x") -> protocol.Message:
    return protocol.Message(
        seq=seq, at=NOON + seq, room="r", mseq=seq, sender=sender, client_id=client_id, text=text or str(seq)
    )


def texts(transcript: Transcript) -> list[str]:
    return [f"{entry.text}{entry.mark.value}" for entry in transcript.shown()]


def plain(row: Row) -> str:
    return "".join(text for _, text in row)


def look(columns: int = 40, language: str = "en") -> Look:
    return Look(columns, "ko" if language == "ko" else "en", lambda user: {"x": "아린"}.get(user, user), UTC)


def test_a_message_of_mine_waits_at_the_end_until_it_has_its_place() -> None:
    transcript = Transcript()
    transcript.say(NOON, "me", "c1", "first")
    transcript.say(NOON, "me", "c2", "second")
    transcript.event(message(1, "theirs"))
    assert texts(transcript) == ["theirs", "first…", "second…"]
    transcript.event(message(2, "first", "c1", "me"))
    transcript.event(message(3, "between"))
    assert texts(transcript) == ["theirs", "first…", "between", "second…"]
    transcript.stored("c1")
    transcript.stored("c2")  # the answer may come before the event
    assert texts(transcript) == ["theirs", "first✓", "between", "second✓"]
    transcript.event(message(4, "second", "c2", "me"))
    assert texts(transcript) == ["theirs", "first✓", "between", "second✓"]


def test_what_failed_says_why() -> None:
    transcript = Transcript()
    transcript.say(NOON, "me", "c1", "much")
    transcript.failed("c1", "The message is too long.")
    rows = rows_of(transcript.shown()[0], look(60))
    assert plain(rows[0]) == "12:00 me much ✗ not sent: The message is too long."


def test_a_webhook_is_shown_under_the_name_it_calls_itself() -> None:
    transcript = Transcript()
    transcript.event(msgspec.structs.replace(message(1, "done"), origin="hook", name="빌드 알림"))
    transcript.event(message(2, "thanks"))
    rows = [plain(rows_of(entry, look(60))[0]) for entry in transcript.shown()]
    assert rows == ["12:00 빌드 알림 done", "12:00 아린 thanks"]


def test_history_and_events_overlap_without_doubles() -> None:
    transcript = Transcript()
    transcript.say(NOON, "me", "c5", "mine")
    transcript.begin(protocol.Page(events=[message(4), message(5, "mine", "c5", "me")], more=True))
    for seq in (4, 5, 6):
        transcript.event(message(seq))
    transcript.prepend(protocol.Page(events=[message(2), message(3), message(4)], more=True))
    transcript.prepend(protocol.Page(events=[message(1)], more=False))
    assert texts(transcript) == ["1", "2", "3", "4", "mine…", "6"]
    assert transcript.whole


def test_a_void_takes_its_double_away() -> None:
    transcript = Transcript()
    transcript.event(message(1))
    transcript.event(protocol.Void(seq=2, at=NOON, room="r", of=1))
    assert texts(transcript) == []


def test_a_transcript_is_bounded_and_can_go_back() -> None:
    transcript = Transcript()
    for seq in range(1, KEPT + 2):
        transcript.event(message(seq))
    assert len(transcript.entries) < KEPT
    assert transcript.oldest == transcript.entries[0].seq
    assert not transcript.whole


def test_days_are_told_apart() -> None:
    entries = [Entry(at=NOON - DAY, who="x", text="어제"), Entry(at=NOON, who="x", text="오늘")]
    rows, _ = visible(entries, look(language="ko"), 6, 0)
    assert [plain(row).strip("─ ") for row in rows] == [
        "",
        "",
        "2026년 11월 20일 금요일",
        "12:00 아린 어제",
        "2026년 11월 21일 토요일",
        "12:00 아린 오늘",
    ]


def test_scrolling_stops_at_the_top() -> None:
    entries = [Entry(at=NOON, who="x", text=str(number)) for number in range(20)]
    rows, scroll = visible(entries, look(), 5, 1000)
    assert scroll == 16
    assert plain(rows[1]).endswith(" 0")


def test_long_messages_hang_under_their_text() -> None:
    rows = rows_of(Entry(at=NOON, who="x", text="가나다라 마바사아 자차카타", mark=Mark.STORED), look(24))
    assert [plain(row) for row in rows] == ["12:00 아린 가나다라", "      마바사아 자차카타", "      ✓"]


def test_a_message_cannot_touch_the_screen() -> None:
    rows = rows_of(Entry(at=NOON, who="x", text="\x1b[2J\rgone"), look())
    assert all("\x1b" not in plain(row) and "\r" not in plain(row) for row in rows)


def test_notes_are_in_my_language() -> None:
    note = Entry(at=NOON, who="x", word="joined", name="보라")
    assert plain(rows_of(note, look(language="ko"))[0]) == "12:00 보라님이 들어왔습니다"


@given(st.text(max_size=200), st.integers(20, 90), st.sampled_from(Mark))
def test_no_row_is_wider_than_the_screen(text: str, columns: int, mark: Mark) -> None:
    for row in rows_of(Entry(at=NOON, who="x", text=text, mark=mark), look(columns)):
        assert row_width(row) <= columns


@given(st.text(max_size=60), st.text(alphabet="ab한", max_size=30), st.integers(20, 60))
def test_the_status_fills_its_row(left: str, right: str, columns: int) -> None:
    assert row_width(status_row(left, right, columns)) == columns
