"""What any bus must do, whatever server is behind it (conformance: see conftest)."""

from __future__ import annotations

import pytest

import common.roomlog.bus
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus, Place, Placed, TooSoon, greet
from common.roomlog.position import (
    SHARDS,
    Claim,
    Draft,
    Entry,
    VoidBody,
    beginning,
    parse_stream_id,
    shard_of,
)
from common.units import to_ms
from tests.common.roomlog.entries import a_draft, a_room, an_entry, entries_of, text_of

pytestmark = pytest.mark.each_redis

ROOM = a_room()
SHARD = shard_of(ROOM)


@pytest.fixture
async def epoch(bus: Bus) -> str:
    """An epoch in which ROOM stands at the beginning."""
    return await seeded(bus, ROOM)


async def seeded(bus: Bus, *rooms: str) -> str:
    """Have rooms of one shard stand at 0, in the epoch that is returned."""
    shard = shard_of(rooms[0])
    epoch = (await bus.standing(shard, [])).epoch
    await bus.seed(shard, epoch, dict.fromkeys(rooms, (0, 0)))
    return epoch


async def place(bus: Bus, *texts: str, room: str = ROOM) -> list[Entry]:
    return entries_of((await bus.append(shard_of(room), [a_draft(room, text) for text in texts])).outcomes)


async def stream(bus: Bus, shard: int = SHARD) -> list[Entry]:
    """Everything in the stream of a shard."""
    read = await bus.read({shard: b"0-0"}, most=10_000, wait=0.001)
    return read[0][1] if read else []


# --- places -----------------------------------------------------------------------------------------------------------


async def test_events_of_a_room_get_consecutive_places_in_their_order(bus: Bus, epoch: str) -> None:
    entries = await place(bus, "one", "two", "three") + await place(bus, "four")
    assert [(entry.seq, text_of(entry)) for entry in entries] == [
        (1, "one"), (2, "two"), (3, "three"), (4, "four"),
    ]  # fmt: skip
    assert {entry.epoch for entry in entries} == {epoch}


async def test_rooms_of_one_batch_are_counted_apart(bus: Bus) -> None:
    other = a_room(beside=ROOM)
    await seeded(bus, ROOM, other)
    rooms = [ROOM, other, other, ROOM]
    outcomes = (await bus.append(SHARD, [a_draft(room, f"{i}....") for i, room in enumerate(rooms)])).outcomes
    assert [(entry.room, entry.seq) for entry in entries_of(outcomes)] == [
        (ROOM, 1), (other, 1), (other, 2), (ROOM, 2),
    ]  # fmt: skip


async def test_messages_alone_are_counted_by_mseq(bus: Bus, epoch: str) -> None:
    void = Draft.of(VoidBody(room=ROOM, sender="", client_id="a void"))
    drafts = [a_draft(ROOM, "one"), void, a_draft(ROOM, "two")]
    entries = entries_of((await bus.append(SHARD, drafts)).outcomes)
    assert [(entry.seq, entry.mseq) for entry in entries] == [(1, 1), (2, 1), (3, 2)]


async def test_what_was_placed_is_not_placed_again(bus: Bus, epoch: str) -> None:
    (first,) = await place(bus, "hello")
    (outcome,) = (await bus.append(SHARD, [a_draft(ROOM, "hello")])).outcomes
    assert outcome == Placed(first, logged=False)
    assert (await place(bus, "next"))[0].seq == 2


async def test_a_retry_in_the_same_batch_is_not_placed_again(bus: Bus, epoch: str) -> None:
    first, again = await place(bus, "hello", "hello")
    assert first == again


async def test_a_retry_of_what_is_logged_is_told_so(bus: Bus, epoch: str) -> None:
    (first,) = await place(bus, "hello")
    await bus.logged([first])
    (outcome,) = (await bus.append(SHARD, [a_draft(ROOM, "hello")])).outcomes
    assert isinstance(outcome, Placed)
    assert outcome.logged
    assert (outcome.entry.seq, outcome.entry.mseq, outcome.entry.at) == (1, 1, first.at)


async def test_a_retry_belongs_to_the_epoch_in_which_it_was_placed(bus: Bus, epoch: str) -> None:
    (first,) = await place(bus, "hello")
    await bus.rotate(SHARD, epoch)
    (outcome,) = (await bus.append(SHARD, [a_draft(ROOM, "hello")])).outcomes
    assert outcome == Placed(first, logged=False)


async def test_a_retry_of_what_is_neither_logged_nor_in_the_stream_is_placed_anew(
    bus: Bus, redis: Redis, epoch: str
) -> None:
    (first,) = await place(bus, "hello")
    await redis.call("XDEL", f"{{s{SHARD}}}:events", first.id)  # evicted, by a server that was set up to
    (again,) = await place(bus, "hello")
    assert again.seq == 2


async def test_a_retry_of_what_was_in_the_log_before_is_told_where(bus: Bus, epoch: str) -> None:
    _, copy = await place(bus, "first", "copy")
    await bus.placed_before([(copy, Place(1, 1, 1_700_000_000_000))])
    await bus.logged([copy])
    (outcome,) = (await bus.append(SHARD, [a_draft(ROOM, "copy")])).outcomes
    assert isinstance(outcome, Placed)
    assert outcome.logged
    assert (outcome.entry.seq, outcome.entry.mseq, outcome.entry.at) == (1, 1, 1_700_000_000_000)


async def test_when_the_log_is_too_far_behind_nothing_new_is_taken(
    bus: Bus, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common.roomlog.bus, "MOST_UNLOGGED", 2)
    drafts = [a_draft(ROOM, text) for text in ("one", "two", "three")]
    outcomes = (await bus.append(SHARD, drafts)).outcomes
    assert outcomes[2] == "log_behind"
    again = (await bus.append(SHARD, drafts)).outcomes
    assert again == outcomes, "what has its place keeps it"
    await bus.logged(entries_of(outcomes[:2]))
    assert entries_of((await bus.append(SHARD, drafts[2:])).outcomes)[0].seq == 3


# --- heads ------------------------------------------------------------------------------------------------------------


async def test_a_room_nobody_told_of_is_unseeded_and_the_others_are_placed(bus: Bus, epoch: str) -> None:
    unknown = a_room(beside=ROOM)
    drafts = [a_draft(unknown, "hello"), a_draft(ROOM, "hello")]
    outcomes = (await bus.append(SHARD, drafts)).outcomes
    assert outcomes[0] == "unseeded"
    assert isinstance(outcomes[1], Placed)


async def test_a_seeded_room_goes_on_from_there(bus: Bus, epoch: str) -> None:
    room = a_room(beside=ROOM)
    await bus.seed(SHARD, epoch, {room: (41, 12)})
    assert (await bus.standing(SHARD, [room])).seqs == {room: 41}
    (entry,) = await place(bus, "hello", room=room)
    assert (entry.seq, entry.mseq) == (42, 13)


async def test_a_known_room_is_not_seeded(bus: Bus, epoch: str) -> None:
    await place(bus, "one", "two")
    await bus.seed(SHARD, epoch, {ROOM: (1, 1)})
    await bus.seed(SHARD, epoch, {ROOM: (9, 9)})
    assert (await place(bus, "three"))[0].seq == 3


async def test_what_was_read_from_the_log_in_another_epoch_is_not_taken(bus: Bus, epoch: str) -> None:
    room = a_room(beside=ROOM)
    await bus.rotate(SHARD, epoch)
    await bus.seed(SHARD, epoch, {room: (41, 12)})
    assert (await bus.standing(SHARD, [room])).seqs == {room: None}


async def test_a_bus_without_an_epoch_begins_one_when_it_is_seeded(bus: Bus, redis: Redis) -> None:
    await bus.standing(SHARD, [])  # so that the connection was greeted
    await redis.call("FLUSHALL")
    assert (await bus.append(SHARD, [a_draft(ROOM, "hello")])) == ("", ["unseeded"])
    await bus.seed(SHARD, "", {ROOM: (7, 7)})
    standing = await bus.standing(SHARD, [ROOM])
    assert standing.epoch
    assert standing.seqs == {ROOM: 7}
    assert await stream(bus) == [beginning(standing.began, standing.epoch)]


async def an_hour_later(bus: Bus, redis: Redis) -> int:
    """Sweep as if the older heads had been that for long enough; since when (ms) they are taken to be."""
    await bus.sweep(SHARD, "a")
    then = int(await redis.call("GET", f"{{s{SHARD}}}:turned")) - to_ms(common.roomlog.bus.UNUSED)
    await redis.call("SET", f"{{s{SHARD}}}:turned", then)
    await bus.sweep(SHARD, "a")
    return then


async def test_the_head_of_a_room_where_nothing_happens_is_forgotten_and_that_of_the_others_is_not(
    bus: Bus, redis: Redis, epoch: str
) -> None:
    quiet = a_room(beside=ROOM)
    await seeded(bus, quiet)
    await bus.logged(await place(bus, "once", room=quiet) + await place(bus, "one"))
    await an_hour_later(bus, redis)
    assert (await bus.standing(SHARD, [ROOM, quiet])).seqs == {ROOM: 1, quiet: 1}, "an hour is not enough"
    await bus.logged(await place(bus, "two"))
    await an_hour_later(bus, redis)
    standing = await bus.standing(SHARD, [ROOM, quiet])
    assert standing.seqs == {ROOM: 2, quiet: None}
    assert standing.epoch == epoch, "and nobody has to look again for it"
    assert (await bus.append(SHARD, [a_draft(quiet, "again")])).outcomes == ["unseeded"]
    await bus.seed(SHARD, epoch, {quiet: (1, 1)})
    assert (await place(bus, "again", room=quiet))[0].seq == 2


async def test_no_head_is_forgotten_before_the_log_has_its_events(bus: Bus, redis: Redis, epoch: str) -> None:
    """Seeded from the log, the room would go back, and its next event take a place that was given."""
    (late,) = await place(bus, "late")
    turned = await an_hour_later(bus, redis)
    await redis.call("ZADD", f"{{s{SHARD}}}:unlogged", "XX", turned - 1, late.id)  # it came before that hour
    for _ in range(3):
        await redis.call("SET", f"{{s{SHARD}}}:turned", turned)
        await bus.sweep(SHARD, "a")
        assert (await bus.standing(SHARD, [ROOM])).seqs == {ROOM: 1}
    await bus.logged([late])
    await bus.sweep(SHARD, "a")
    assert (await bus.standing(SHARD, [ROOM])).seqs == {ROOM: None}


async def test_when_nobody_knows_since_when_heads_are_old_none_is_forgotten(
    bus: Bus, redis: Redis, epoch: str
) -> None:
    await bus.logged(await place(bus, "one"))
    for command, *clock in (("DEL",), ("SET", 10**15)):
        for _ in range(3):
            await redis.call(command, f"{{s{SHARD}}}:turned", *clock)
            await bus.sweep(SHARD, "a")
    assert (await bus.standing(SHARD, [ROOM])).seqs == {ROOM: 1}


# --- the stream -------------------------------------------------------------------------------------------------------


async def test_what_was_placed_is_read_in_that_order_from_any_id_on(bus: Bus, epoch: str) -> None:
    placed = await place(bus, "one", "two", "three")
    assert await stream(bus) == [beginning((await bus.standing(SHARD, [])).began, epoch), *placed]
    assert await bus.read({SHARD: placed[0].id}, most=10, wait=0.001) == [(SHARD, placed[1:])]
    assert await bus.read({SHARD: placed[0].id}, most=1, wait=0.001) == [(SHARD, placed[1:2])]


async def test_shards_are_read_in_as_few_calls_as_can_be(bus: Bus, epoch: str) -> None:
    room = next(room for _ in range(1000) if shard_of(room := a_room()) != SHARD)
    await seeded(bus, room)
    after = {shard: (await bus.standing(shard, [])).last for shard in range(SHARDS)}
    here, there = await place(bus, "here"), await place(bus, "there", room=room)
    read: dict[int, list[Entry]] = {}
    for shards in bus.parts:
        read |= await bus.read({shard: after[shard] for shard in shards}, most=10, wait=0.001)
    assert read == {SHARD: here, shard_of(room): there}


async def test_silence_is_an_empty_answer(bus: Bus, epoch: str) -> None:
    last = (await bus.standing(SHARD, [])).last
    assert await bus.read({SHARD: last}, most=10, wait=0.01) == []


async def test_where_a_shard_stands_is_told_as_of_one_moment(bus: Bus, epoch: str) -> None:
    entries = await place(bus, "one", "two")
    standing = await bus.standing(SHARD, [ROOM, unknown := a_room(beside=ROOM)])
    assert (standing.epoch, standing.last) == (epoch, entries[-1].id)
    assert standing.seqs == {ROOM: 2, unknown: None}


# --- epochs -----------------------------------------------------------------------------------------------------------


async def test_only_the_first_who_finds_an_epoch_wrong_ends_it(bus: Bus, epoch: str) -> None:
    assert await bus.rotate(SHARD, epoch)
    after = await bus.standing(SHARD, [ROOM])
    assert after.epoch != epoch
    assert after.seqs == {ROOM: None}
    assert not await bus.rotate(SHARD, epoch)
    assert (await bus.standing(SHARD, [])).epoch == after.epoch


async def test_an_epoch_begins_with_an_entry_of_its_own(bus: Bus, epoch: str) -> None:
    (said,) = await place(bus, "hello")
    await bus.rotate(SHARD, epoch)
    standing = await bus.standing(SHARD, [])
    assert (await stream(bus))[1:] == [said, beginning(standing.last, standing.epoch)]
    assert standing.began == standing.last


async def test_a_head_of_an_earlier_epoch_is_a_floor(bus: Bus, epoch: str) -> None:
    other = a_room(beside=ROOM)
    await bus.seed(SHARD, epoch, {other: (3, 3)})
    await place(bus, "one", "two")
    await bus.rotate(SHARD, epoch)
    now = (await bus.standing(SHARD, [])).epoch
    await bus.seed(SHARD, now, {ROOM: (1, 1), other: (5, 4)})
    assert (await bus.standing(SHARD, [ROOM, other])).seqs == {ROOM: 2, other: 5}


async def test_the_same_server_goes_on_in_its_epoch(bus: Bus, bus_url: str, epoch: str) -> None:
    await place(bus, "hello")
    async with open_redis(bus_url, greet=greet) as another:
        standing = await Bus(another).standing(SHARD, [ROOM])
    assert (standing.epoch, standing.seqs) == (epoch, {ROOM: 1})


async def test_another_server_with_the_same_memory_begins_new_epochs(
    bus: Bus, bus_url: str, redis: Redis, epoch: str
) -> None:
    """As after a restart or a failover: what was given last may be forgotten, and nobody can tell."""
    (entry,) = await place(bus, "hello")
    for shard in range(SHARDS):
        await redis.call("SET", f"{{s{shard}}}:server", "run_id:another")
    async with open_redis(bus_url, greet=greet) as another:
        standing = await Bus(another).standing(SHARD, [ROOM])
    assert standing.epoch != epoch
    assert standing.seqs == {ROOM: None}
    assert await bus.unlogged(SHARD, ROOM) == {entry.seq}, "what is on its way to the log stays so"
    await bus.seed(SHARD, standing.epoch, {ROOM: (0, 0)})
    assert (await place(bus, "next"))[0].seq == 2


async def test_a_displaced_event_is_placed_anew(bus: Bus, epoch: str) -> None:
    kept, displaced = await place(bus, "kept", "displaced")
    await bus.rotate(SHARD, epoch, [displaced])
    assert await bus.unlogged(SHARD, ROOM) == {kept.seq}
    await bus.seed(SHARD, (await bus.standing(SHARD, [])).epoch, {ROOM: (7, 7)})
    kept_again, anew = await place(bus, "kept", "displaced")
    assert kept_again == kept
    assert anew.seq == 8


async def test_who_displaces_it_late_does_not_forget_its_new_place(bus: Bus, epoch: str) -> None:
    (displaced,) = await place(bus, "hello")
    await bus.rotate(SHARD, epoch, [displaced])
    await bus.seed(SHARD, (await bus.standing(SHARD, [])).epoch, {ROOM: (7, 7)})
    (anew,) = await place(bus, "hello")
    await bus.rotate(SHARD, epoch, [displaced])
    assert await place(bus, "hello") == [anew]


# --- what is logged ---------------------------------------------------------------------------------------------------


async def test_entries_are_unlogged_until_they_are_logged(bus: Bus, epoch: str) -> None:
    entries = await place(bus, "one", "two", "three")
    assert await bus.unlogged(SHARD, ROOM) == {1, 2, 3}
    assert await bus.unlogged(SHARD, a_room(beside=ROOM)) == set()
    await bus.logged(entries[:2])
    assert await bus.unlogged(SHARD, ROOM) == {3}
    await bus.logged(entries)
    assert await bus.unlogged(SHARD, ROOM) == set()
    assert (await bus.standing(SHARD, [])).epoch == epoch


async def test_what_reaches_the_log_after_its_epoch_is_known_to_the_next_seed(bus: Bus, epoch: str) -> None:
    """The log was read before it came, and nobody has seeded yet."""
    late = an_entry(ROOM, 5, "late", epoch="an earlier one")
    await bus.rotate(SHARD, epoch)
    now = (await bus.standing(SHARD, [])).epoch
    await bus.logged([late])
    await bus.seed(SHARD, now, {ROOM: (4, 4)})
    standing = await bus.standing(SHARD, [ROOM])
    assert (standing.epoch, standing.seqs) == (now, {ROOM: 5})


async def test_what_reaches_the_log_unknown_to_the_epoch_ends_it(bus: Bus, epoch: str) -> None:
    """Who listens would otherwise not hear of it before something else is said."""
    late = an_entry(ROOM, 1, "late", epoch="an earlier one")
    await bus.logged([late])
    standing = await bus.standing(SHARD, [ROOM])
    assert standing.epoch != epoch
    await bus.seed(SHARD, standing.epoch, {ROOM: (0, 0)})
    assert (await bus.standing(SHARD, [ROOM])).seqs == {ROOM: 1}


async def test_what_the_epoch_counted_already_does_not_end_it(bus: Bus, epoch: str) -> None:
    await place(bus, "one", "two")
    await bus.logged([an_entry(ROOM, 2, "two", epoch="an earlier one")])
    assert (await bus.standing(SHARD, [])).epoch == epoch


# --- the safety net's view --------------------------------------------------------------------------------------------


async def test_what_stayed_unlogged_is_found(bus: Bus, epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = await place(bus, "one", "two", "three")
    await bus.logged(entries[:1])
    monkeypatch.setattr(common.roomlog.bus, "LATE", 3600)
    early = await bus.sweep(SHARD, "a")
    assert early is not None
    assert (early.unlogged, early.late) == (2, [])
    monkeypatch.setattr(common.roomlog.bus, "LATE", 0.001)
    await bus.read({SHARD: entries[-1].id}, most=1, wait=0.02)
    late = await bus.sweep(SHARD, "a")
    assert late is not None
    assert (late.unlogged, late.lost, late.late) == (2, 0, entries[1:])
    some = await bus.sweep(SHARD, "a", most=1)
    assert some is not None
    assert some.late == entries[1:2]


async def test_one_at_a_time_sweeps_a_shard(bus: Bus, epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common.roomlog.bus, "TURN", 3600)
    assert await bus.sweep(SHARD, "a") is not None
    assert await bus.sweep(SHARD, "b") is None
    assert await bus.sweep(SHARD, "a") is not None
    assert await bus.sweep((SHARD + 1) % SHARDS, "b") is not None


async def test_trimming_never_reaches_what_is_unlogged(
    bus: Bus, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [entry for n in range(60) for entry in await place(bus, *(f"{n} {i}....." for i in range(10)))]
    oldest = entries[350]
    await bus.logged([entry for entry in entries if entry is not oldest])
    monkeypatch.setattr(common.roomlog.bus, "KEPT", 0)
    await bus.sweep(SHARD, "a")
    left = await stream(bus)
    assert len(left) < 500
    assert parse_stream_id(left[0].id) <= parse_stream_id(oldest.id)
    assert oldest in left
    await bus.logged([oldest])
    await bus.sweep(SHARD, "a")
    assert len(await stream(bus)) < len(left)


async def test_what_is_gone_is_remembered_as_long_as_its_retries(
    bus: Bus, redis: Redis, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were it forgotten at once, a retry would be told that it is in the log."""
    (gone,) = await place(bus, "hello")
    await redis.call("XDEL", f"{{s{SHARD}}}:events", gone.id)
    monkeypatch.setattr(common.roomlog.bus, "LATE", 0.001)
    await bus.read({SHARD: gone.id}, most=1, wait=0.02)
    young = await bus.sweep(SHARD, "a")
    assert young is not None
    assert (young.unlogged, young.lost, young.late) == (1, 0, [])
    monkeypatch.setattr(common.roomlog.bus, "KEPT", 0.001)
    old = await bus.sweep(SHARD, "a")
    assert old is not None
    assert old.lost == 1
    assert await redis.call("ZCARD", f"{{s{SHARD}}}:unlogged") == 0


# --- slow mode --------------------------------------------------------------------------------------------------------


async def test_a_sender_with_a_pace_waits_for_it_and_others_do_not(bus: Bus, epoch: str) -> None:
    def said(text: str, sender: str = "mina", pace_ms: int = 60_000) -> Draft:
        return a_draft(ROOM, text, sender=sender)._replace(pace_ms=pace_ms)

    first, again, other, free = (
        await bus.append(SHARD, [said("one"), said("two"), said("three", "jun"), said("four", pace_ms=0)])
    ).outcomes
    assert [entry.seq for entry in entries_of([first, other, free])] == [1, 2, 3]
    assert isinstance(again, TooSoon)
    assert 59_000 < again.wait_ms <= 60_000
    (later,) = (await bus.append(SHARD, [said("five")])).outcomes
    assert isinstance(later, TooSoon)
    assert later.wait_ms <= again.wait_ms


async def test_a_retry_is_not_a_second_message_and_waits_for_nothing(bus: Bus, epoch: str) -> None:
    slow = a_draft(ROOM, "hello")._replace(pace_ms=60_000)
    (first,) = (await bus.append(SHARD, [slow])).outcomes
    (again,) = (await bus.append(SHARD, [slow])).outcomes
    assert isinstance(again, Placed)
    assert [again.entry] == entries_of([first])


async def test_a_pace_is_of_one_room_and_as_long_as_it_is_now(bus: Bus, epoch: str) -> None:
    other = a_room(beside=ROOM)
    await seeded(bus, other)
    pace_ms = 60_000
    drafts = [a_draft(room, "one")._replace(pace_ms=pace_ms) for room in (ROOM, other)]
    entries_of((await bus.append(SHARD, drafts)).outcomes)
    shorter = a_draft(ROOM, "two")._replace(pace_ms=1)
    (outcome,) = (await bus.append(SHARD, [shorter])).outcomes
    while isinstance(outcome, TooSoon):  # a millisecond has to pass
        assert outcome.wait_ms == 1
        (outcome,) = (await bus.append(SHARD, [shorter])).outcomes
    assert entries_of([outcome])[0].seq == 2


async def test_who_was_refused_for_another_reason_may_speak_at_once(
    bus: Bus, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = a_draft(ROOM, "hello")._replace(pace_ms=60_000)
    monkeypatch.setattr(common.roomlog.bus, "MOST_UNLOGGED", 0)
    assert (await bus.append(SHARD, [slow])).outcomes == ["log_behind"]
    monkeypatch.undo()
    assert entries_of((await bus.append(SHARD, [slow])).outcomes)[0].seq == 1


# --- limits that hold over replicas -----------------------------------------------------------------------------------


async def claim(bus: Bus, name: str, by: str, seen: Entry | None, *, changes: bool = True) -> Entry | str:
    """Have one more counted in `tally` by a replica that heard all up to `seen`: its place, or why it has none."""
    draft = a_draft(ROOM, name)._replace(
        claim=Claim("pins", by, changes, parse_stream_id(seen.id) if seen else (0, 0))
    )
    (outcome,) = (await bus.append(SHARD, [draft])).outcomes
    if not isinstance(outcome, Placed):
        assert isinstance(outcome, str)
        return outcome
    return outcome.entry


async def test_of_two_replicas_that_counted_the_same_one_is_overtaken(bus: Bus, epoch: str) -> None:
    first = await claim(bus, "one", "a", None)
    assert await claim(bus, "two", "b", None) == "overtaken"
    assert isinstance(first, Entry)
    second = await claim(bus, "two", "b", first)
    assert isinstance(second, Entry)
    assert second.seq == 2, "what was overtaken had no place"


async def test_what_a_replica_placed_itself_overtakes_none_of_its_own(bus: Bus, epoch: str) -> None:
    """And what another placed before that still does."""
    theirs = await claim(bus, "theirs", "b", None)
    assert isinstance(theirs, Entry)
    for name in ("one", "two", "three"):
        assert isinstance(await claim(bus, name, "a", theirs), Entry)
    assert await claim(bus, "four", "a", None) == "overtaken"
    assert await claim(bus, "five", "b", theirs) == "overtaken"


async def test_what_changes_no_count_overtakes_nobody_and_is_overtaken(bus: Bus, epoch: str) -> None:
    assert isinstance(await claim(bus, "as many", "a", None, changes=False), Entry)
    assert isinstance(await claim(bus, "one more", "b", None), Entry)
    assert await claim(bus, "as many again", "a", None, changes=False) == "overtaken"


async def test_what_hangs_on_nothing_seen_overtakes_who_did_not_see_it(bus: Bus, epoch: str) -> None:
    less = a_draft(ROOM, "one less")._replace(claim=Claim("pins", "a", True, None))
    assert isinstance(await claim(bus, "one more", "b", None), Entry)
    entries_of((await bus.append(SHARD, [less])).outcomes)
    assert await claim(bus, "another", "b", None) == "overtaken"


async def test_an_overtaken_claim_that_was_placed_before_is_told_its_place(bus: Bus, epoch: str) -> None:
    first = await claim(bus, "one", "a", None)
    await claim(bus, "two", "a", None)
    assert await claim(bus, "one", "b", None) == first


async def test_a_count_is_forgotten_after_some_minutes(bus: Bus, redis: Redis, epoch: str) -> None:
    await claim(bus, "one", "a", None)
    left = await redis.call("PTTL", f"{{s{SHARD}}}:tally:{ROOM}:pins")
    assert 0 < left <= to_ms(common.roomlog.bus.IDEMPOTENCY)
