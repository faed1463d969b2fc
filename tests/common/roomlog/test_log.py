"""What any durable log must do, whatever server is behind it (conformance: see conftest)."""

from __future__ import annotations

from common import codec, protocol
from common.roomlog.log import Document, Inserted, Log
from common.roomlog.position import Draft, Entry, VoidBody
from tests.common.roomlog.entries import a_room, an_entry


def held(
    stored: list[Entry],
    *,
    doubles: list[tuple[Entry, Document]] | None = None,
    displaced: list[Entry] | None = None,
) -> Inserted:
    return Inserted(stored, doubles or [], displaced or [], [entry.document() for entry in stored])


async def test_what_is_stored_is_read_back_in_order(log: Log) -> None:
    room = a_room()
    entries = [an_entry(room, seq, f"text {seq}") for seq in (3, 1, 2)]
    assert await log.insert(entries) == held(entries)
    documents = await log.after(room, 0, upto=10, most=10)
    assert documents == [entry.document() for entry in sorted(entries, key=lambda entry: entry.seq)]


async def test_numbers_come_back_as_numbers(log: Log) -> None:
    """A driver's own kind of integer once reached the encoder of an answer, and ended the process."""
    room = a_room()
    first, second = an_entry(room, 1, "hello"), an_entry(room, 2, "hello")
    await log.insert([first])
    ((_, twin),) = (await log.insert([second])).doubles
    codec.encode(protocol.Sent(seq=twin["seq"], mseq=twin["mseq"], at=twin["at"]))
    (document,) = await log.after(room, 0, upto=1, most=1)
    codec.encode(protocol.event(document))


async def test_storing_again_changes_nothing(log: Log) -> None:
    room = a_room()
    entries = [an_entry(room, seq, f"text {seq}") for seq in (1, 2)]
    await log.insert(entries[:1])
    assert await log.insert(entries) == held(entries)
    assert await log.insert(entries) == held(entries)
    assert len(await log.after(room, 0, upto=10, most=10)) == 2


async def test_a_client_id_is_stored_once(log: Log) -> None:
    room = a_room()
    first, again, other = an_entry(room, 1, "hello"), an_entry(room, 2, "hello"), an_entry(room, 3, "others")
    await log.insert([first])
    inserted = await log.insert([again, other])
    assert inserted == held([other], doubles=[(again, first.document())])
    assert await _seqs(log, room) == [1, 3]


async def test_a_client_id_twice_in_one_batch_is_stored_once(log: Log) -> None:
    room = a_room()
    first, again = an_entry(room, 1, "hello"), an_entry(room, 2, "hello")
    inserted = await log.insert([first, again])
    assert inserted == held([first], doubles=[(again, first.document())])


async def test_the_same_client_id_in_another_room_or_of_another_sender_is_another_message(log: Log) -> None:
    room, other_room = a_room(), a_room()
    mine = an_entry(room, 1, "hello")
    elsewhere = an_entry(other_room, 1, "hello")
    theirs = Entry(b"1800000000000-0", room, 2, 2, "e1", mine.body.replace(b"mina", b"noor"))
    assert await log.insert([mine, elsewhere, theirs]) == held([mine, elsewhere, theirs])


async def test_a_place_is_given_once(log: Log) -> None:
    room = a_room()
    first, late, other = an_entry(room, 1, "first"), an_entry(room, 1, "late"), an_entry(room, 2, "other")
    await log.insert([first])
    assert await log.insert([late, other]) == held([other], displaced=[late])
    assert await log.after(room, 0, upto=10, most=10) == [first.document(), other.document()]


async def test_a_place_twice_in_one_batch_is_given_once(log: Log) -> None:
    room = a_room()
    first, late = an_entry(room, 1, "first"), an_entry(room, 1, "late")
    assert await log.insert([first, late]) == held([first], displaced=[late])


async def test_a_double_whose_place_another_holds_is_a_double(log: Log) -> None:
    room = a_room()
    first, other = an_entry(room, 1, "hello"), an_entry(room, 2, "other")
    again = an_entry(room, 2, "hello")
    await log.insert([first, other])
    assert await log.insert([again]) == held([], doubles=[(again, first.document())])


async def test_a_double_that_was_given_the_same_place_again_is_a_double(log: Log) -> None:
    """The bus came back older, and a retry of what it forgot was the next to come: its time is another."""
    room = a_room()
    first, again = an_entry(room, 1, "hello"), an_entry(room, 1, "hello")
    await log.insert([first])
    assert await log.insert([again]) == held([], doubles=[(again, first.document())])


async def test_events_are_found_by_their_names(log: Log) -> None:
    room, other = a_room(), a_room()
    one, two, elsewhere = an_entry(room, 1, "one"), an_entry(room, 2, "two"), an_entry(other, 1, "one")
    await log.insert([one, two, elsewhere])
    names = [(room, "mina", "one"), (room, "jun", "two"), (room, "mina", "none"), (other, "mina", "one")]
    assert await log.named(names) == {names[0]: one.document(), names[3]: elsewhere.document()}
    assert await log.named([]) == {}


async def test_heads_are_the_last_of_each_room(log: Log) -> None:
    room, empty = a_room(), a_room()
    await log.insert([an_entry(room, 1, "one"), an_entry(room, 2, "two"), an_entry(room, 3, "x", mseq=2)])
    assert await log.heads([room, empty]) == {room: (3, 2), empty: (0, 0)}


async def test_a_page_reaches_from_one_seq_to_another(log: Log) -> None:
    room, neighbour = a_room(), a_room()
    await log.insert([an_entry(room, seq, f"text {seq}") for seq in range(1, 13)])
    await log.insert([an_entry(neighbour, seq, f"text {seq}") for seq in range(1, 13)])
    assert [d["seq"] for d in await log.after(room, 9, upto=11, most=10)] == [10, 11]
    assert [d["seq"] for d in await log.after(room, 2, upto=12, most=3)] == [3, 4, 5]
    assert await log.after(room, 12, upto=99, most=99) == []
    assert {d["room"] for d in await log.after(room, 0, upto=99, most=99)} == {room}


async def test_seqs_sort_as_numbers(log: Log) -> None:
    room = a_room()
    await log.insert([an_entry(room, seq, f"text {seq}") for seq in (9, 10, 99, 100, 999_999, 1_000_000)])
    assert await _seqs(log, room) == [9, 10, 99, 100, 999_999, 1_000_000]
    assert (await log.heads([room]))[room][0] == 1_000_000


async def test_a_filler_takes_a_place_as_anything_does(log: Log) -> None:
    room = a_room()
    filler = Draft.of(VoidBody(room=room, sender="", client_id="void:e1:1"))
    entry = an_entry(room, 1, "x")._replace(body=filler.body)
    await log.insert([entry])
    (document,) = await log.after(room, 0, upto=1, most=1)
    assert protocol.event(document) == protocol.Void(seq=1, at=entry.at, room=room)
    assert (await log.insert([an_entry(room, 1, "late")])).displaced


async def _seqs(log: Log, room: str) -> list[int]:
    return [document["seq"] for document in await log.after(room, 0, upto=10**9, most=100)]
