"""The hub: every listener hears a room in order and without a hole, or is told honestly to look again."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd import hub as hub_module
from chatd.room import Room
from common import protocol
from common.errors import StoreUnavailable
from common.protocol import Position
from common.roomlog.position import shard_of
from tests.chatd.hub.stage import ROOM, SHARD, Ear, Stage, Store, _payloads

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


async def test_who_comes_into_a_room_whose_turn_is_still_to_come_hears_nothing_twice(
    autojump_clock: MockClock, stage: Stage, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch for two rooms: it is known where both stand as soon as it is read, and sent to one after the other."""
    monkeypatch.setattr(hub_module, "BREATH", 1)
    other = next(room for room in map(str, range(1000)) if shard_of(room) == SHARD)
    for n in range(5):
        await stage.listens(f"person {n}")
    mina, sora = await stage.listens("mina", other), Ear("sora")
    store = stage.store

    async def come() -> None:
        await trio.lowlevel.checkpoint()
        room = await stage.hub.find(other)
        seen.append(room.position.seq)
        stage.hub.listen(sora, room)

    seen: list[int] = []
    nursery.start_soon(stage.brings, store.entry(1), store.entry(1, room=other))
    nursery.start_soon(come)
    await trio.sleep(1)
    await stage.brings(store.entry(2, room=other))
    assert mina.heard == [1, 2]
    assert (seen, sora.heard) == ([1], [2])


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


async def test_who_is_catching_up_has_the_room_open(stage: Stage) -> None:
    mina, jun = await stage.listens("mina"), Ear("jun")
    stage.hub.wait(jun, await stage.hub.find(ROOM))
    assert stage.hub.openers(ROOM) == [mina, jun]
    assert stage.hub.listeners(ROOM) == [mina]
    assert stage.hub.openers("another") == []


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
