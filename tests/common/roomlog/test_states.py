"""What any store of states must do, whatever server is behind it (conformance: see conftest)."""

from __future__ import annotations

import itertools
import random
from typing import Any, Literal, cast

import pytest
import trio
from pymongo.errors import AutoReconnect

from common import protocol
from common.errors import StoreUnavailable
from common.mongo import Mongo
from common.redis import Redis
from common.roomlog import journal as journal_module
from common.roomlog import states as states_module
from common.roomlog.journal import Journal
from common.roomlog.lists import IMAGES, TIMER, edits_of, thread_of
from common.roomlog.log import Log
from common.roomlog.marks import text_of
from common.roomlog.mentions import Unread
from common.roomlog.position import (
    AnyBody,
    DeleteBody,
    Draft,
    EditBody,
    Entry,
    MessageBody,
    PinBody,
    ReactionBody,
    TimerBody,
    shard_of,
)
from tests.common.roomlog.entries import a_room
from tests.support.mentioning import counts

_names = itertools.count(1)
_milliseconds = itertools.count(1_800_000_000_000)


def at(seq: int, body: AnyBody) -> Entry:
    """An event in its place."""
    return Entry(b"%d-0" % next(_milliseconds), body.room, seq, seq, "e1", Draft.of(body).body)


def name(sender: str = "mina") -> dict[str, str]:
    return {"sender": sender, "client_id": f"name {next(_names)}"}


class Story:
    """Events of one room, made one after the other, to be kept in any order."""

    def __init__(self) -> None:
        self.room = a_room()
        self.entries: list[Entry] = []

    def _next(self, body: AnyBody) -> int:
        seq = len(self.entries) + 1
        self.entries.append(at(seq, body))
        return seq

    def say(self, text: str = "well", **more: Any) -> int:
        return self._next(MessageBody(room=self.room, **name(), text=text, **more))

    def edit(self, of: int, text: str) -> int:
        return self._next(EditBody(room=self.room, **name(), of=of, text=text, by="mina"))

    def clock(self, change: Literal["started", "paused", "reset"]) -> int:
        return self._next(TimerBody(room=self.room, **name(), change=change, by="mina"))

    def delete(self, of: int) -> int:
        return self._next(DeleteBody(room=self.room, **name(), of=of, by="mina"))

    def react(self, of: int, who: str, emoji: str = "👍", *, on: bool = True) -> int:
        change: Any = "added" if on else "removed"
        return self._next(
            ReactionBody(room=self.room, **name(who), of=of, emoji=emoji, change=change, user=who)
        )

    def pin(self, of: int, *, on: bool = True) -> int:
        change: Any = "pinned" if on else "unpinned"
        return self._next(PinBody(room=self.room, **name(), of=of, change=change, by="mina"))


@pytest.fixture
def story() -> Story:
    return Story()


async def keep(log: Log, *entries: Entry) -> None:
    """As `Journal.keep` does what concerns the log."""
    await log.states.settle((await log.insert(entries)).documents)


async def view(log: Log, story: Story, seq: int, reader: str = "mina") -> protocol.State | None:
    views = await log.states.views(story.room, [seq], reader)
    return views[0] if views else None


async def texts(log: Log, story: Story) -> list[str]:
    return [each.get("text", "") for each in await log.after(story.room, 0, upto=1000, most=1000)]


async def test_what_happened_to_a_message_is_its_state(log: Log, story: Story) -> None:
    said = story.say()
    story.edit(said, "better")
    edited = story.edit(said, "best")
    story.react(said, "jun")
    story.react(said, "mina")
    story.react(said, "noor", "❤️")
    story.react(said, "noor", "❤️", on=False)
    pinned = story.pin(said)
    answered = story.say("indeed", reply_to=said)
    await keep(log, *story.entries)
    times = [entry.at for entry in story.entries]
    assert await view(log, story, said) == protocol.State(
        seq=said,
        edited=protocol.Edited(seq=edited, at=times[edited - 1], text="best"),
        pinned=protocol.Marked(seq=pinned, at=times[pinned - 1], by="mina"),
        reactions=[protocol.Reactions(emoji="👍", count=2, users=["jun", "mina"], mine=True)],
        replies=1,
        replied=answered,
    )
    assert await view(log, story, answered) is None


async def test_what_nothing_happened_to_has_no_state_and_writes_none(log: Log, story: Story) -> None:
    story.say()
    await keep(log, *story.entries)
    assert await log.states.marks([(story.room, 1)]) == {}
    assert await view(log, story, 1) is None


async def test_a_deletion_erases_the_words_and_what_they_were_edited_to(log: Log, story: Story) -> None:
    said = story.say("a secret", mentions=["jun", "noor"], mention_all=True)
    other = story.say("another matter")
    story.edit(said, "the secret")
    story.delete(said)
    await keep(log, *story.entries)
    assert await texts(log, story) == ["", "another matter", "", ""]
    (blank,) = await log.after(story.room, 0, upto=1, most=1)
    assert protocol.event(blank) == protocol.Message(
        seq=1, at=blank["at"], room=story.room, mseq=1, sender="mina", client_id=blank["client_id"], text=""
    )
    assert await mentioned(log, story, "jun", "noor") == {}
    state = await view(log, story, said)
    assert state is not None
    assert state.deleted is not None
    assert state.edited is None
    assert await view(log, story, other) is None


async def test_an_edit_that_comes_to_the_log_after_the_deletion_is_erased_too(log: Log, story: Story) -> None:
    said = story.say("a secret")
    edit, delete, late = story.edit(said, "secret"), story.delete(said), story.edit(said, "still secret")
    await keep(log, story.entries[said - 1])
    await keep(log, story.entries[delete - 1])
    await keep(log, story.entries[late - 1], story.entries[edit - 1])
    assert "secret" not in str(await texts(log, story))
    state = await view(log, story, said)
    assert state is not None
    assert state.edited is None


async def test_keeping_a_message_again_after_its_deletion_brings_nothing_back(log: Log, story: Story) -> None:
    """The safety net does that when the replica died that had kept it first."""
    picture = protocol.Attachment(id="a", name="a secret.webp", media_type="image/webp", size=10)
    said = story.say("a secret", mentions=["jun"], mention_all=True, kind="image", attachments=[picture])
    story.edit(said, "the secret")
    story.delete(said)
    await keep(log, *story.entries)
    await keep(log, *story.entries)
    await keep(log, *story.entries[:2])
    assert await texts(log, story) == ["", "", ""]
    assert await mentioned(log, story, "jun") == {}
    assert await log.lists.count(story.room, IMAGES, most=10) == 0
    assert "secret" not in str(await log.after(story.room, 0, upto=10, most=10))


async def mentioned(log: Log, story: Story, *users: str) -> dict[str, int]:
    """How often each of these is mentioned."""
    found = await counts(log.states._mongo, [Unread(user, story.room, 0) for user in users])
    return {user: number for (user, _), number in found.items()}


async def test_mentions_are_counted_once_a_message_however_often_it_is_kept(log: Log, story: Story) -> None:
    said = story.say(mentions=["jun"])
    story.say("yes", reply_to=said, mentions=["jun", "noor"])
    story.say("all of you", mention_all=True, mentions=["noor"])
    gone = story.say("not so", mentions=["jun"], mention_all=True)
    story.delete(gone)
    await keep(log, *story.entries[:4])
    await keep(log, *story.entries)
    await keep(log, *story.entries)
    assert await mentioned(log, story, "jun", "noor", "sol") == {"jun": 3, "noor": 2, "sol": 1}


async def test_what_is_settled_anew_takes_no_older_mention_its_place(log: Log, story: Story) -> None:
    """As each replica does with the last of a room, whenever the bus has forgotten it."""
    for _ in range(60):
        story.say(mentions=["jun"])
    await keep(log, *story.entries)
    for _ in range(10):
        await keep(log, *story.entries[-20:])
    assert await mentioned(log, story, "jun") == {"jun": 60}


async def test_lists_name_replies_and_edits(log: Log, story: Story) -> None:
    said = story.say(mentions=["jun"])
    reply = story.say("yes", reply_to=said, mentions=["jun", "noor"])
    edit = story.edit(said, "better")
    await keep(log, *story.entries)
    await keep(log, *story.entries)

    async def seqs(of: str) -> list[int]:
        return [item.seq for item in await log.lists.page(story.room, of, most=10, newest=False)]

    assert await seqs(thread_of(said)) == [reply]
    assert await seqs(edits_of(said)) == [edit]


async def test_replies_are_counted_once_each_whoever_keeps_them(log: Log, story: Story) -> None:
    said = story.say()
    for number in range(12):
        story.say(f"{number}", reply_to=said)
    async with trio.open_nursery() as nursery:
        for entry in story.entries * 2:
            nursery.start_soon(keep, log, entry)
    state = await view(log, story, said)
    assert state is not None
    assert (state.replies, state.replied) == (12, 13)


async def test_replies_that_were_heard_and_are_not_applied_yet_count_once(log: Log, story: Story) -> None:
    said, other = story.say(), story.say()
    for to in (said, said, other, said):
        story.say("yes", reply_to=to)
    await keep(log, *story.entries[:3])
    fresh = [entry.document() for entry in story.entries]
    views = await log.states.views(story.room, [said, other], "mina", fresh=fresh)
    assert [(state.seq, state.replies, state.replied) for state in views] == [(said, 3, 6), (other, 1, 5)]


async def test_a_count_of_replies_ends_somewhere(
    log: Log, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "MOST_REPLIES", 3)
    said = story.say()
    for number in range(5):
        story.say(f"{number}", reply_to=said)
    await keep(log, *story.entries)
    state = await view(log, story, said)
    assert state is not None
    assert state.replies == 3


async def test_pins_are_those_whose_last_word_was_a_pin(log: Log, story: Story) -> None:
    one, two, three = story.say(), story.say(), story.say()
    first, second = story.pin(one), story.pin(two)
    story.pin(three)
    story.pin(three, on=False)
    await keep(log, *reversed(story.entries))
    assert await log.states.pins(story.room) == {two: second, one: first}
    assert list(await log.states.pins(story.room)) == [two, one]


async def test_the_last_that_was_done_to_a_timer_is_found_whatever_came_to_the_log_first(
    log: Log, story: Story
) -> None:
    story.say()
    seqs = [story.clock("started"), story.clock("paused"), story.clock("reset")]
    quiet = a_room()
    assert await log.states.timers([story.room, quiet]) == {}
    for entry in (*reversed(story.entries), *story.entries):
        await keep(log, entry)
    assert await log.states.timers([story.room, quiet]) == {story.room: seqs[-1]}
    items = await log.lists.page(story.room, TIMER, most=10, newest=True)
    assert [item.seq for item in items] == seqs
    assert await log.states.views(story.room, seqs, "mina") == []


@pytest.mark.parametrize("last", ["pin", "deletion"])
async def test_what_is_deleted_is_pinned_no_more_whichever_comes_last(
    log: Log, story: Story, last: str
) -> None:
    said = story.say()
    pin, delete = story.pin(said), story.delete(said)
    again = story.pin(said)
    order = [said, pin, again, delete] if last == "deletion" else [said, delete, pin, again]
    for seq in order:
        await keep(log, story.entries[seq - 1])
    assert await log.states.pins(story.room) == {}


async def test_what_may_not_be_applied_yet_counts_when_it_is_told(log: Log, story: Story) -> None:
    said, other = story.say(), story.say()
    pinned = story.pin(other)
    await keep(log, *story.entries)
    edit, react, unpin = story.edit(said, "better"), story.react(said, "jun"), story.pin(other, on=False)
    fresh = [story.entries[seq - 1].document() for seq in (edit, react, unpin)]
    (state, _) = await log.states.views(story.room, [said, other], "mina", fresh=fresh)
    assert state.edited is not None
    assert (state.edited.text, state.reactions[0].users) == ("better", ["jun"])
    assert await log.states.pins(story.room, fresh=fresh) == {}
    assert await log.states.pins(story.room) == {other: pinned}


async def test_states_of_messages_far_apart_are_found_as_those_of_neighbours(log: Log, story: Story) -> None:
    seqs = [story.say() for _ in range(20)]
    for seq in seqs:
        story.react(seq, "jun")
    await keep(log, *story.entries)
    for asked in (seqs, seqs[::7], [1, 20], [5]):
        assert [state.seq for state in await log.states.views(story.room, asked, "mina")] == asked


async def test_many_who_change_the_same_message_at_once_lose_nothing(log: Log, story: Story) -> None:
    said = story.say()
    await keep(log, *story.entries)
    reactions = [story.entries[story.react(said, f"user {number}") - 1] for number in range(40)]
    async with trio.open_nursery() as nursery:
        for entry in reactions:
            nursery.start_soon(keep, log, entry)
    state = await view(log, story, said)
    assert state is not None
    assert state.reactions[0].count == 40


ACTS = ["edit", "delete", "react", "react", "unreact", "pin", "unpin", "reply"]


@pytest.mark.parametrize("seed", range(12))
async def test_on_the_store_too_any_order_and_repetition_makes_the_same(log: Log, seed: int) -> None:
    chance = random.Random(seed)
    acts = [(chance.choice(ACTS), chance.random() < 0.7) for _ in range(chance.randint(1, 10))]

    def tell() -> Story:
        story = Story()
        for said in (story.say("secret"), story.say("secret")):
            story.edit(said, f"secret {said}")
        for act, first in acts:
            of = 1 if first else 2
            match act:
                case "edit":
                    story.edit(of, f"secret {len(story.entries)}")
                case "delete":
                    story.delete(of)
                case "react" | "unreact":
                    story.react(of, "jun", on=act == "react")
                case "pin" | "unpin":
                    story.pin(of, on=act == "pin")
                case _:
                    story.say("reply", reply_to=of)
        return story

    orderly, mixed = tell(), tell()
    await keep(log, *orderly.entries)
    await keep(log, *mixed.entries[:2])
    shuffled = chance.sample(mixed.entries * 2, 2 * len(mixed.entries))
    while shuffled:
        count = chance.randint(1, 4)
        await keep(log, *shuffled[:count])
        del shuffled[:count]
    assert await texts(log, mixed) == await texts(log, orderly)
    assert await log.states.pins(mixed.room) == await log.states.pins(orderly.room)
    for seq in (1, 2):
        state = await view(log, mixed, seq)
        assert _timeless(state) == _timeless(await view(log, orderly, seq))
        (message,) = await log.after(mixed.room, seq - 1, upto=seq, most=1)
        assert text_of(message) == (state.edited.text if state and state.edited else "")


def _timeless(state: protocol.State | None) -> Any:
    """Two rooms' events have the same seqs and other times."""
    if state is None:
        return None
    return [
        [
            (each.seq, getattr(each, "text", None))
            for each in (state.edited, state.deleted, state.pinned)
            if each
        ],
        state.reactions,
        state.replies,
    ]


async def test_who_finishes_the_work_of_a_dead_keeper_applies_it(journal: Journal, story: Story) -> None:
    """The event is in the log, its keeper died before it was applied, and nobody was answered."""
    said = story.say()
    story.react(said, "jun")
    await journal.log.insert(story.entries)
    assert await view(journal.log, story, said) is None
    await journal.keep(story.entries)
    state = await view(journal.log, story, said)
    assert state is not None
    assert state.reactions[0].users == ["jun"]


async def test_a_retry_of_what_a_dead_keeper_left_applies_the_first(
    journal: Journal, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, and the bus forgot it, too: the sender's retry is a double of what the log holds."""
    monkeypatch.setattr(journal_module, "LAST", 1)  # so that only the retry can do it
    said = story.say()
    reacted = story.react(said, "jun")
    story.say("later")
    await journal.log.insert(story.entries)
    again = story.entries[reacted - 1]._replace(seq=4, id=b"1900000000000-0")
    places = await journal.keep([again])
    assert [place.seq for place in places if place] == [reacted]
    state = await view(journal.log, story, said)
    assert state is not None
    assert state.reactions[0].users == ["jun"]


async def test_what_a_dead_keeper_left_is_applied_when_the_bus_that_forgot_is_told_of_the_log(
    journal: Journal, redis: Redis, story: Story
) -> None:
    """Nobody keeps those events again, and their senders may never ask."""
    said = story.say()
    story.react(said, "jun")
    await journal.log.insert(story.entries)
    await redis.call("FLUSHDB")
    await journal.standing(shard_of(story.room), [story.room])
    state = await view(journal.log, story, said)
    assert state is not None
    assert state.reactions[0].users == ["jun"]


# --- cut short anywhere -----------------------------------------------------------------------------------------------


class CutCollection:
    """A collection of which one write is cut short, before or after it was carried out."""

    def __init__(self, collection: Any, cut: Cut) -> None:
        self._collection, self._cut = collection, cut

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)
        if name not in {"insert_many", "bulk_write", "update_many", "delete_many"}:
            return method

        def write(*args: Any, **kwargs: Any) -> Any:
            self._cut.left -= 1
            if self._cut.left != -1:
                return method(*args, **kwargs)
            self._cut.happened = True
            if self._cut.carried_out:
                method(*args, **kwargs)
            raise AutoReconnect("cut short")

        return write


class CutDatabase:
    def __init__(self, database: Any, cut: Cut) -> None:
        self._database, self._cut = database, cut

    def __getattr__(self, name: str) -> CutCollection:
        return CutCollection(getattr(self._database, name), self._cut)


class Cut:
    """Lets `left` writes pass and cuts the next one short."""

    def __init__(self, left: int, *, carried_out: bool) -> None:
        self.left, self.carried_out, self.happened = left, carried_out, False


class CutMongo(Mongo):
    def __init__(self, mongo: Mongo, cut: Cut) -> None:
        self.database = cast("Any", CutDatabase(mongo.database, cut))
        self._limiter = mongo._limiter


def eventful() -> Story:
    story = Story()
    said, secret = story.say(mentions=["jun"]), story.say("a secret", mentions=["jun"], mention_all=True)
    story.say("an answer", reply_to=said)
    story.edit(said, "better")
    story.edit(secret, "a secret still")
    story.react(said, "jun")
    story.pin(said)
    story.pin(secret)
    story.delete(secret)
    return story


async def whole(log: Log, story: Story) -> Any:
    """All there is to know of an eventful story."""
    return [
        await texts(log, story),
        [_timeless(await view(log, story, seq)) for seq in (1, 2)],
        await log.states.pins(story.room),
        await mentioned(log, story, "jun", "noor"),
    ]


@pytest.mark.parametrize("carried_out", [False, True], ids=["not carried out", "carried out"])
async def test_work_that_is_cut_short_at_any_write_is_finished_by_others(
    log: Log, *, carried_out: bool
) -> None:
    model = eventful()
    await keep(log, *model.entries)
    expected = await whole(log, model)
    assert "secret" not in str(expected)
    for step in range(50):
        story, cut = eventful(), Cut(step, carried_out=carried_out)
        try:
            await keep(Log(CutMongo(log._mongo, cut)), *story.entries)
        except StoreUnavailable:
            assert cut.happened
        await keep(log, *story.entries)
        assert await whole(log, story) == expected
        if not cut.happened:
            return
    raise AssertionError("it never came to an end")
