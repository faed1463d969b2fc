"""The recent past of all rooms: an unbroken run of each, complete or not offered, and never too much of it."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.recent import Recent
from common.roomlog.position import AnyBody, DeleteBody, Draft, EditBody, Entry, MessageBody

PLENTY = 10**6


def entry(room: str, seq: int, epoch: str = "e1", size: int = 2) -> Entry:
    return Entry(b"%d-0" % seq, room, seq, seq, epoch, b"x" * size)


def seqs(recent: Recent, after: int, upto: int, epoch: str = "e1", room: str = "a") -> list[int]:
    return [found.seq for found in recent.between(room, epoch, after, upto)]


def recent_with(*numbers: int, most_bytes: int = PLENTY) -> Recent:
    recent = Recent(most_bytes)
    for number in numbers:
        recent.add(entry("a", number))
    return recent


def test_what_was_asked_for_and_no_more() -> None:
    recent = recent_with(1, 2, 3, 4, 5)
    assert seqs(recent, 2, 4) == [3, 4]
    assert seqs(recent, 0, 5) == [1, 2, 3, 4, 5]
    assert seqs(recent, 5, 5) == []
    assert seqs(recent, 4, 99) == [5]


def test_a_room_nobody_spoke_in_has_no_past() -> None:
    assert seqs(recent_with(1), 0, 9, room="b") == []


def test_a_break_forgets_what_was_before_it() -> None:
    assert seqs(recent_with(1, 2, 5, 6), 0, 9) == [5, 6]


def test_a_seq_that_comes_again_begins_a_new_run() -> None:
    assert seqs(recent_with(1, 2, 3, 2), 0, 9) == [2]


def test_another_epoch_proves_nothing() -> None:
    recent = recent_with(1, 2)
    recent.add(entry("a", 3, "e2"))
    assert seqs(recent, 0, 9) == []
    assert seqs(recent, 0, 9, "e2") == [3]


def test_the_oldest_of_all_rooms_goes_first() -> None:
    recent = Recent(4 * (400 + 2))
    for room, seq in (("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)):
        recent.add(entry(room, seq))
    assert seqs(recent, 0, 9) == [2, 3]
    assert seqs(recent, 0, 9, room="b") == [1, 2]


_events = st.tuples(
    st.sampled_from("abc"), st.sampled_from(["next", "gap", "again", "epoch"]), st.integers(0, 300)
)


@given(st.lists(_events, max_size=120), st.integers(400, 6000))
def test_of_each_room_the_newest_unbroken_run_within_the_bytes_allowed(
    events: list[tuple[str, str, int]], most_bytes: int
) -> None:
    recent = Recent(most_bytes)
    added: list[Entry] = []
    heads: dict[str, tuple[str, int]] = defaultdict(lambda: ("e0", 10))
    for number, (room, step, size) in enumerate(events):
        epoch, seq = heads[room]
        seq += {"next": 1, "gap": 3, "again": 0, "epoch": 1}[step]
        epoch = f"e{number}" if step == "epoch" else epoch
        heads[room] = (epoch, seq)
        added.append(entry(room, seq, epoch, size))
        recent.add(added[-1])
    for room, (epoch, seq) in heads.items():
        assert recent.between(room, epoch, 0, seq) == _run_of(room, _kept(added, most_bytes))


def _kept(added: list[Entry], most_bytes: int) -> list[Entry]:
    """The newest entries that fit."""
    kept: list[Entry] = []
    for each in reversed(added):
        most_bytes -= len(each.body) + 400
        if most_bytes < 0:
            break
        kept.insert(0, each)
    return kept


def _run_of(room: str, kept: list[Entry]) -> list[Entry]:
    """The unbroken run that ends with the room's newest entry."""
    run: list[Entry] = []
    for each in kept:
        if each.room != room:
            continue
        if run and (run[-1].epoch, run[-1].seq + 1) != (each.epoch, each.seq):
            run.clear()
        run.append(each)
    return run


# --- what is no longer to be said -------------------------------------------------------------------------------------


def event(seq: int, body: AnyBody) -> Entry:
    return Entry(b"%d-0" % seq, "a", seq, seq, "e1", Draft.of(body).body)


def said(seq: int, text: str = "a secret") -> Entry:
    mentions = ["jun"]
    return event(seq, MessageBody(room="a", sender="mina", client_id=f"{seq}", text=text, mentions=mentions))


def edited(seq: int, of: int) -> Entry:
    return event(seq, EditBody(room="a", sender="mina", client_id=f"{seq}", of=of, text="secret", by="mina"))


def deleted(seq: int, of: int) -> Entry:
    return event(seq, DeleteBody(room="a", sender="mina", client_id=f"{seq}", of=of, by="mina"))


def test_what_was_deleted_is_blank_and_so_is_what_it_was_edited_to() -> None:
    recent = Recent(PLENTY)
    for entry in (said(1), said(2, "kept"), edited(3, 1), edited(4, 2), deleted(5, 1), edited(6, 1)):
        recent.add(entry)
    run = recent.between("a", "e1", 0, 9)
    assert [entry.seq for entry in run] == [1, 2, 3, 4, 5, 6]
    assert [entry.document().get("text") for entry in run] == ["", "kept", "", "secret", None, ""]
    assert "mentions" not in run[0].document()
    assert run[0].document()["client_id"] == "1"
    assert recent.at("a", 1) == run[0]
    assert [entry.seq for entry in recent.changes("a", 3)] == [4, 5, 6]
    assert recent.changes("a", 3)[2].document()["text"] == ""


def test_a_reply_changes_what_it_answers_and_a_text_that_speaks_of_one_does_not() -> None:
    recent = Recent(PLENTY)
    words = {"room": "a", "sender": "mina", "client_id": "name"}
    recent.add(event(1, MessageBody(**words, text='"reply_to":1')))
    recent.add(event(2, MessageBody(**words, text="yes", reply_to=1)))
    assert [entry.seq for entry in recent.changes("a", 9)] == [2]


def test_one_entry_is_found_by_its_seq() -> None:
    recent = recent_with(4, 5, 6)
    assert recent.at("a", 5) == entry("a", 5)
    assert recent.at("a", 3) is None
    assert recent.at("a", 7) is None
    assert recent.at("b", 5) is None


def test_deletions_are_forgotten_with_the_rest() -> None:
    recent = Recent(2000)
    for seq in range(1, 400, 2):
        recent.add(said(seq))
        recent.add(deleted(seq + 1, seq))
    assert len(recent._deleted["a"]) < 10
    for seq in range(1, 10):
        recent.add(Entry(b"%d-0" % seq, "b", seq, seq, "e1", b"x" * 300))
    assert "a" not in recent._deleted


def test_a_room_that_is_forgotten_has_no_past_and_may_have_one_again() -> None:
    recent = recent_with(1, 2)
    recent.add(entry("b", 1))
    recent.forget("a")
    recent.forget("nobody spoke here")
    assert seqs(recent, 0, 9) == []
    assert recent.messages("a") == 0
    assert seqs(recent, 0, 9, room="b") == [1]
    recent.add(entry("a", 3))
    assert seqs(recent, 2, 9) == [3]


def test_what_was_forgotten_makes_room_in_its_turn() -> None:
    recent = recent_with(1, 2, 3, most_bytes=1700)
    recent.add(Entry(b"9-0", "a", 4, 4, "e1", Draft.of(deletion_of(1)).body))
    recent.forget("a")
    for number in range(5, 20):
        recent.add(entry("a", number))
    assert seqs(recent, 15, 99) == [16, 17, 18, 19]


def deletion_of(seq: int) -> DeleteBody:
    return DeleteBody(room="a", sender="mina", client_id="x", of=seq, by="mina")
