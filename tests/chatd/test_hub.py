"""The hub: every listener hears a room in order and without a hole, or is told honestly to look again."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd import hub as hub_module
from chatd.hub import Hub
from chatd.room import Room
from common import protocol
from common.disconnect import Disconnect
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.protocol import Position
from common.roomlog.bus import Standing
from common.roomlog.position import Draft, Entry, MessageBody, StreamId, beginning, parse_stream_id, shard_of

ROOM = uuid7()
SHARD = shard_of(ROOM)


class Ear:
    """A listener that notes what it hears: seqs, and resets as (epoch, seq, reason)."""

    def __init__(self, name: str) -> None:
        self.user = self.session = name
        self.heard: list[int | tuple[str, int, str]] = []
        self.ended: Disconnect | None = None

    def send_nowait(self, data: bytes) -> bool:
        for payload in _payloads(data):
            if payload["type"] == "reset":
                position = payload["position"]
                self.heard.append((position["epoch"], position["seq"], payload["reason"]))
            else:
                self.heard.append(payload["seq"])
        return True

    def disconnect(self, reason: Disconnect) -> None:
        self.ended = reason

    def dropped(self, room: str) -> None:
        pass

    def tick(self, now: float, now_ms: int) -> None:
        pass


def _payloads(data: bytes) -> list[dict[str, Any]]:
    """The payloads of whole, unmasked text frames."""
    payloads = []
    while data:
        length, head = data[1], 2
        if length == 126:
            length, head = int.from_bytes(data[2:4]), 4
        payloads.append(msgspec.json.decode(data[head : head + length]))
        data = data[head + length :]
    return payloads


class Store:
    """Bus, log and journal as the hub asks them: what they say is set by the test."""

    def __init__(self) -> None:
        self.bus = self.log = self
        self.epoch = "e1"
        self.seqs: dict[str, int] = {}
        self.documents: dict[int, dict[str, Any]] = {}
        self.away = False
        self.rotated: list[str] = []
        self.last = 0
        self.read_to: StreamId = (0, 0)
        self.moved = trio.lowlevel.ParkingLot()
        self._ids = itertools.count(1)

    # What the hub asks.

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("redis", "away")
        seqs: dict[str, int | None] = {room: self.seqs.get(room, 0) for room in rooms}
        return Standing(
            self.epoch, b"0-0", b"%d-0" % self.last, seqs, {room: seq or 0 for room, seq in seqs.items()}
        )

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        return None if self.read_to >= entry_id else self.moved

    async def rotate(self, shard: int, wrong: str) -> bool:
        await trio.lowlevel.checkpoint()
        self.rotated.append(wrong)
        self.epoch = "after " + wrong
        return True

    async def after(self, room: str, seq: int, *, upto: int, most: int) -> list[dict[str, Any]]:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("mongo", "away")
        return [self.documents[each] for each in range(seq + 1, upto + 1) if each in self.documents]

    # What happens.

    def entry(self, seq: int, *, room: str = ROOM) -> Entry:
        """An event that takes its place now."""
        self.last = next(self._ids)
        self.seqs[room] = seq
        body = Draft.of(MessageBody(room=room, sender="mina", client_id=f"id-{self.last}", text="hi")).body
        return Entry(b"%d-0" % self.last, room, seq, seq, self.epoch, body)

    def begins(self, epoch: str) -> Entry:
        self.epoch, self.last = epoch, next(self._ids)
        return beginning(b"%d-0" % self.last, epoch)

    def log_it(self, *entries: Entry) -> None:
        for entry in entries:
            self.documents[entry.seq] = entry.document()


class Stage:
    """A hub over a store, fed as by the reader of the bus."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self.store = store
        self.hub = hub

    async def brings(self, *entries: Entry) -> None:
        await self.hub.deliver(SHARD, entries)
        self.store.read_to = max(self.store.read_to, parse_stream_id(entries[-1].id))
        self.store.moved.unpark_all()

    async def listens(self, name: str, room_id: str = ROOM) -> Ear:
        ear = Ear(name)
        self.hub.listen(ear, await self.hub.find(room_id))
        return ear


@pytest.fixture
async def stage(nursery: trio.Nursery) -> AsyncIterator[Stage]:
    store = Store()
    hub = Hub(store, store.reached)  # type: ignore[arg-type]
    await nursery.start(hub.run)
    yield Stage(store, hub)
    nursery.cancel_scope.cancel()


# --- in order ---------------------------------------------------------------------------------------------------------


async def test_who_listens_hears_what_comes_after(stage: Stage) -> None:
    store = stage.store
    await stage.brings(store.entry(1), store.entry(2))
    mina = await stage.listens("mina")
    assert stage.hub.rooms[ROOM].position == Position("e1", 2)
    await stage.brings(store.entry(3), store.entry(4))
    assert mina.heard == [3, 4]


async def test_a_room_is_found_once_the_bus_was_read_as_far_as_it_stood(
    stage: Stage, nursery: trio.Nursery
) -> None:
    store = stage.store
    behind = [store.entry(1), store.entry(2)]
    found: list[Position] = []

    async def find() -> None:
        found.append((await stage.hub.find(ROOM)).position)

    nursery.start_soon(find)
    await wait_all_tasks_blocked()
    await stage.brings(behind[0])
    await wait_all_tasks_blocked()
    assert found == []
    await stage.brings(behind[1], store.entry(3))
    await wait_all_tasks_blocked()
    assert found == [Position("e1", 3)]


async def test_a_room_that_nobody_wants_is_forgotten(stage: Stage) -> None:
    mina = await stage.listens("mina")
    stage.hub.unlisten(mina, stage.hub.rooms[ROOM])
    assert not stage.hub.rooms
    await stage.hub.standing(ROOM)
    assert not stage.hub.rooms


async def test_a_seeker_who_gives_up_leaves_nothing_behind(autojump_clock: MockClock, stage: Stage) -> None:
    stage.store.entry(1)  # which the reader has not brought
    with trio.move_on_after(1):
        await stage.hub.find(ROOM)
    await stage.brings(stage.store.entry(2))
    await wait_all_tasks_blocked()
    assert not stage.hub.rooms


async def test_where_a_room_stands_cannot_be_known_now(stage: Stage) -> None:
    stage.store.away = True
    with pytest.raises(StoreUnavailable):
        await stage.hub.find(ROOM)
    assert not stage.hub.rooms
    stage.store.away = False
    assert await stage.listens("mina")


async def test_a_bus_that_is_read_too_slowly_is_a_store_that_is_away(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.store.entry(1)
    with pytest.raises(StoreUnavailable):
        await stage.hub.find(ROOM)


# --- holes ------------------------------------------------------------------------------------------------------------


async def test_a_hole_is_filled_from_the_log(autojump_clock: MockClock, stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    one, two, three, four = (store.entry(seq) for seq in (1, 2, 3, 4))
    store.log_it(two)
    await stage.brings(one, three)
    await stage.brings(four)
    assert mina.heard == [1]
    await trio.sleep(1)
    assert mina.heard == [1, 2, 3, 4]
    await stage.brings(store.entry(5))
    assert mina.heard == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("away", [False, True], ids=["the log has it not", "the log is away"])
async def test_a_hole_that_cannot_be_filled_is_told(
    autojump_clock: MockClock, stage: Stage, *, away: bool
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    one, _two, three, four = (store.entry(seq) for seq in (1, 2, 3, 4))
    store.away = away
    await stage.brings(one, three, four)
    await trio.sleep(1)
    assert mina.heard == [1, ("e1", 2, "hole"), 3, 4]


async def test_a_hole_behind_a_hole_is_looked_into_next(autojump_clock: MockClock, stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    entries = [store.entry(seq) for seq in range(1, 7)]
    store.log_it(entries[1], entries[3])
    await stage.brings(entries[0], entries[2], entries[4], entries[5])
    await trio.sleep(1)
    assert mina.heard == [1, 2, 3, 4, 5, 6]


async def test_an_epoch_may_begin_while_a_hole_is_looked_into(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    one, _two, three = (store.entry(seq) for seq in (1, 2, 3))
    await stage.brings(one, three, store.begins("e2"), store.entry(4))
    await trio.sleep(1)
    assert mina.heard == [1, ("e1", 2, "hole"), 3, ("e2", 4, "epoch")]


# --- epochs -----------------------------------------------------------------------------------------------------------


async def test_when_an_epoch_begins_every_listener_of_the_shard_is_reset(stage: Stage) -> None:
    """Also where nobody says another word: what they hold may be lost."""
    store = stage.store
    silent = next(room for _ in range(10_000) if shard_of(room := uuid7()) == SHARD)
    mina, jun = await stage.listens("mina"), await stage.listens("jun", silent)
    await stage.brings(store.entry(1), store.entry(2), store.begins("e2"))
    await wait_all_tasks_blocked()
    assert mina.heard == [1, 2, ("e2", 2, "epoch")]
    assert jun.heard == [("e2", 0, "epoch")]


async def test_rooms_of_other_shards_hear_nothing_of_it(stage: Stage) -> None:
    elsewhere = next(room for _ in range(10_000) if shard_of(room := uuid7()) != SHARD)
    jun = await stage.listens("jun", elsewhere)
    await stage.brings(stage.store.begins("e2"))
    await wait_all_tasks_blocked()
    assert jun.heard == []


async def test_what_comes_while_the_room_is_found_again_follows_the_reset(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1))
    store.away = True
    await stage.brings(store.begins("e2"))
    await wait_all_tasks_blocked()
    store.away = False
    await stage.brings(store.entry(2))  # the room will be found to stand there
    later = store.entry(3)
    store.last -= 1  # and this one comes after we asked
    store.seqs[ROOM] = 2
    await stage.brings(later)
    await trio.sleep(10)
    assert mina.heard == [1, ("e2", 2, "epoch"), 3]


async def test_a_room_with_listeners_is_sought_until_it_is_found(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    store.away = True
    await stage.brings(store.begins("e2"))
    await trio.sleep(60)
    with pytest.raises(StoreUnavailable):
        await stage.hub.find(ROOM)
    assert mina.heard == []
    store.away = False
    await trio.sleep(10)
    assert mina.heard == [("e2", 0, "epoch")]
    await stage.brings(store.entry(1))
    assert mina.heard == [("e2", 0, "epoch"), 1]


async def test_who_seeks_a_room_that_is_found_again_gets_its_new_place(
    stage: Stage, nursery: trio.Nursery
) -> None:
    store = stage.store
    await stage.listens("mina")
    await stage.brings(store.entry(1))
    await stage.hub.deliver(SHARD, [store.begins("e2"), ahead := store.entry(2)])
    found: list[Position] = []

    async def find() -> None:
        found.append((await stage.hub.find(ROOM)).position)

    nursery.start_soon(find)
    await wait_all_tasks_blocked()
    assert found == []
    store.read_to = parse_stream_id(ahead.id)
    store.moved.unpark_all()
    await wait_all_tasks_blocked()
    assert found == [Position("e2", 2)]


async def test_who_is_catching_up_hears_of_the_epoch_after_what_was_missed(stage: Stage) -> None:
    store = stage.store
    await stage.brings(store.entry(1))
    room, jun = await stage.hub.find(ROOM), Ear("jun")
    stage.hub.wait(jun, room)
    await stage.brings(store.entry(2), store.begins("e2"))
    await wait_all_tasks_blocked()
    await stage.brings(store.entry(3))
    assert jun.heard == []
    assert stage.hub.catch_up(jun, room, _frame(store, 1))
    assert jun.heard == [1, 2, ("e2", 2, "epoch"), 3]


async def test_who_caught_up_while_the_room_was_sought_is_reset_too(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    room, jun = await stage.hub.find(ROOM), Ear("jun")
    stage.hub.wait(jun, room)
    store.away = True
    await stage.brings(store.entry(1), store.begins("e2"))
    await wait_all_tasks_blocked()
    assert stage.hub.catch_up(jun, room, b"")
    store.away = False
    await trio.sleep(10)
    assert jun.heard == [1, ("e2", 1, "epoch")]


async def test_the_beginning_of_an_epoch_that_is_known_already_resets_nobody(stage: Stage) -> None:
    store = stage.store
    begins = store.begins("e2")
    await stage.brings(begins)
    mina = await stage.listens("mina")
    await stage.brings(begins, store.entry(1))
    await wait_all_tasks_blocked()
    assert mina.heard == [1]


async def test_an_epoch_whose_beginning_was_missed_is_noticed_by_its_events(stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1))
    store.begins("e2")
    await stage.brings(store.entry(2), store.entry(3))
    await wait_all_tasks_blocked()
    assert mina.heard == [1, ("e2", 3, "epoch")]


async def test_a_bus_that_gives_a_seq_twice_is_made_to_begin_anew(stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1), store.entry(2))
    await stage.brings(store.entry(1))
    await wait_all_tasks_blocked()
    assert store.rotated == ["e1"]
    assert mina.heard == [1, 2, ("after e1", 1, "epoch")]


# --- many listeners ---------------------------------------------------------------------------------------------------


async def test_what_is_told_at_once_waits_for_what_is_being_handed_out(
    autojump_clock: MockClock, stage: Stage, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blob takes several breaths; the end of a hole, in between, must not overtake it for those who come last."""
    monkeypatch.setattr(hub_module, "BREATH", 1)
    store = stage.store
    ears = [await stage.listens(f"person {n}") for n in range(20)]
    one, two, three, four = (store.entry(seq) for seq in (1, 2, 3, 4))
    store.log_it(two)
    await stage.brings(one, three)
    await trio.sleep(hub_module.PATIENCE * 0.99)
    room = stage.hub.rooms[ROOM]
    room.breath = trio.Event()  # as while a blob is being handed out
    await trio.sleep(1)
    assert {tuple(ear.heard) for ear in ears} == {(1,)}
    room.breath.set()
    room.breath = None
    await trio.sleep(1)
    await stage.brings(four)
    assert {tuple(ear.heard) for ear in ears} == {(1, 2, 3, 4)}


async def test_who_leaves_during_a_breath_hears_no_more(
    autojump_clock: MockClock, stage: Stage, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "BREATH", 1)
    ears = [await stage.listens(f"person {n}") for n in range(5)]
    room: Room = stage.hub.rooms[ROOM]
    nursery.start_soon(stage.brings, stage.store.entry(1))
    nursery.start_soon(_leave_after, 2, stage, ears[4], room)
    await trio.sleep(1)
    assert [ear.heard for ear in ears] == [[1], [1], [1], [1], []]


async def _leave_after(breaths: int, stage: Stage, ear: Ear, room: Room) -> None:
    for _ in range(breaths):
        await trio.lowlevel.checkpoint()
    stage.hub.unlisten(ear, room)


def _frame(store: Store, seq: int) -> bytes:
    event = protocol.Message(
        seq=seq, mseq=seq, at=1, room=ROOM, sender="mina", client_id="missed", text="while away"
    )
    return hub_module.push_frame(event)


# --- coming and going -------------------------------------------------------------------------------------------------


async def test_who_is_expelled_hears_no_more_on_any_device_and_is_told(stage: Stage) -> None:
    phone, desk, other = [await stage.listens(name) for name in ("jun", "jun", "mina")]
    for ear in (phone, desk, other):
        stage.hub.enter(ear)
    told: list[bytes] = []
    phone.send_nowait = desk.send_nowait = lambda data: told.append(data) is None  # type: ignore[method-assign]
    stage.hub.expel("jun", ROOM, "not_a_member")
    assert [_payloads(data)[0]["type"] for data in told] == ["closed", "closed"]
    await stage.brings(stage.store.entry(1))
    assert len(told) == 2
    assert other.heard == [1]


async def test_who_is_expelled_while_catching_up_does_not_catch_up(stage: Stage) -> None:
    room, jun = await stage.hub.find(ROOM), Ear("jun")
    stage.hub.enter(jun)
    jun.send_nowait = lambda data: True  # type: ignore[method-assign]
    stage.hub.wait(jun, room)
    stage.hub.expel("jun", ROOM, "not_a_member")
    assert not stage.hub.catch_up(jun, room, b"")
    assert not stage.hub.rooms


async def test_who_leaves_is_gone_from_everything(stage: Stage) -> None:
    jun = await stage.listens("jun")
    stage.hub.enter(jun)
    assert stage.hub.of_user("jun") == stage.hub.of_session("jun") == [jun]
    stage.hub.leave(jun, [stage.hub.rooms[ROOM]])
    assert not stage.hub.rooms
    assert not stage.hub.connections
    assert stage.hub.of_user("jun") == stage.hub.of_session("jun") == stage.hub.sessions() == []
    stage.hub.leave(jun, [])  # and once more changes nothing
    await stage.hub.emptied()


async def test_emptied_is_when_the_last_one_has_left(stage: Stage, nursery: trio.Nursery) -> None:
    mina, jun = await stage.listens("mina"), await stage.listens("jun")
    stage.hub.enter(mina)
    stage.hub.enter(jun)
    empty = trio.Event()

    @nursery.start_soon
    async def wait() -> None:
        await stage.hub.emptied()
        empty.set()

    stage.hub.leave(mina, [])
    await wait_all_tasks_blocked()
    assert not empty.is_set()
    stage.hub.leave(jun, [])
    await wait_all_tasks_blocked()
    assert empty.is_set()


async def test_too_much_kept_for_one_who_catches_up_ends_that_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_MOST_WAITING", 1000)
    mina, jun = await stage.listens("mina"), Ear("jun")
    room = await stage.hub.find(ROOM)
    stage.hub.wait(jun, room)
    for seq in range(1, 11):
        await stage.brings(stage.store.entry(seq))
    assert jun.ended is not None
    assert jun.ended.name == "slow_consumer"
    assert not stage.hub.catch_up(jun, room, b"")
    assert mina.heard == list(range(1, 11))


async def test_one_seeker_gives_up_and_the_other_finds(
    autojump_clock: MockClock, stage: Stage, nursery: trio.Nursery
) -> None:
    entry = stage.store.entry(1)  # which the reader has not brought
    found = []

    @nursery.start_soon
    async def seek() -> None:
        found.append(await stage.hub.find(ROOM))

    with trio.move_on_after(1):
        await stage.hub.find(ROOM)
    assert ROOM in stage.hub.rooms
    await stage.brings(entry)
    await wait_all_tasks_blocked()
    assert [room.position.seq for room in found] == [1]


async def test_finding_a_room_that_is_known_can_be_cancelled_too(stage: Stage) -> None:
    await stage.listens("mina")
    with trio.CancelScope() as scope:
        scope.cancel()
        await stage.hub.find(ROOM)
    assert stage.hub.rooms[ROOM].seekers == 0
