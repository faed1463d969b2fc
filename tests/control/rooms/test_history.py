"""What was said, over HTTP: for members, from when on they may see it, in few questions to the stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pymongo
import pymongo.monitoring
import pytest

from common.clock import now_ms
from common.ids import uuid7
from common.protocol import Attachment
from common.roomlog.log import Log
from common.roomlog.position import AnyBody, DeleteBody, EditBody, MessageBody, PinBody
from tests.control.rooms.conftest import Guest, Guests, Talk, good, refused
from tests.support.control import Control

Json = dict[str, Any]


def saying(room: str, sender: Guest, text: str, **more: Any) -> MessageBody:
    return MessageBody(room=room, sender=sender.id, client_id=uuid7(), text=text, **more)


async def ask(who: Guest, room: str, what: str, **query: Any) -> httpx.Response:
    return await who.http.get(f"/api/v1/rooms/{room}/{what}", params=query)


def seqs(answer: httpx.Response) -> list[int]:
    return [event["seq"] for event in good(answer)["events"]]


async def test_members_read_pages_in_every_direction(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await talk.say(room, mina, *(f"text {number}" for number in range(1, 11)))
    newest = good(await ask(mina, room, "events", limit=3))
    assert [event["text"] for event in newest["events"]] == ["text 8", "text 9", "text 10"]
    assert newest["more"]
    assert seqs(await ask(mina, room, "events", before=4)) == [1, 2, 3]
    assert seqs(await ask(mina, room, "events", after=8)) == [9, 10]
    around = good(await ask(mina, room, "events", around=5, limit=2))
    assert ([event["seq"] for event in around["events"]], around["newer"]) == ([4, 5], True)


async def test_a_room_where_nothing_was_said_has_an_empty_page(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    assert good(await ask(mina, room, "events")) == {"events": [], "more": False}
    assert good(await ask(mina, room, "pins")) == {"events": [], "more": False}
    assert good(await ask(mina, room, "search", text="국밥")) == {"events": []}


async def test_threads_pins_and_searches_tell_what_messages_have_become(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    asked = await talk.append(room, saying(room, mina, "점심?"))
    answer = await talk.append(room, saying(room, mina, "돼지국밥", reply_to=asked))
    edit = EditBody(room=room, sender=mina.id, client_id=uuid7(), of=answer, text="냉면", by=mina.id)
    pin = PinBody(room=room, sender=mina.id, client_id=uuid7(), of=asked, change="pinned", by=mina.id)
    await talk.append(room, edit, pin)
    thread = good(await ask(mina, room, f"events/{asked}/thread"))
    assert [event["seq"] for event in thread["events"]] == [asked, answer]
    assert {state["seq"] for state in thread["states"]} == {asked, answer}
    assert seqs(await ask(mina, room, "pins")) == [asked]
    assert seqs(await ask(mina, room, "search", text="냉면")) == [answer]
    assert seqs(await ask(mina, room, "search", text="국밥")) == []
    refused(await ask(mina, room, "events/99/thread"), "message_not_found")


def picture(room: str, sender: Guest) -> MessageBody:
    shown = Attachment(id=uuid7(), name="강.png", media_type="image/png", size=9, width=3, height=3)
    return saying(room, sender, "", kind="image", attachments=[shown])


async def test_pictures_alone_in_every_direction(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    shown = []
    for _ in range(6):
        await talk.append(room, saying(room, mina, "안녕"))
        shown.append(await talk.append(room, picture(room, mina)))

    async def pictures(who: Guest = mina, **where: Any) -> tuple[list[int], bool, bool]:
        page = good(await ask(who, room, "events", only="images", **where))
        return [event["seq"] for event in page["events"]], page["more"], page.get("newer", False)

    assert await pictures() == (shown, False, False)
    assert await pictures(limit=2) == (shown[4:], True, False)
    assert await pictures(limit=2, before=shown[2]) == (shown[:2], False, False)
    assert await pictures(limit=2, after=0) == (shown[:2], True, False)
    assert await pictures(limit=2, after=shown[3]) == (shown[4:], False, False)
    assert await pictures(limit=3, around=shown[3]) == (shown[2:5], True, True)
    assert await pictures(limit=1, around=shown[3]) == (shown[3:4], True, True)
    assert await pictures(limit=4, around=shown[0]) == (shown[:2], False, True)
    delete = DeleteBody(room=room, sender=mina.id, client_id=uuid7(), of=shown[1], by=mina.id)
    await talk.append(room, delete)
    assert await pictures() == ([shown[0], *shown[2:]], False, False)
    await jun.join(room)
    assert await pictures(jun) == ([], False, False)
    later = await talk.append(room, picture(room, mina))
    assert await pictures(jun) == ([later], False, False)
    assert await pictures(jun, after=0, limit=1) == ([later], False, False)


async def test_a_search_is_continued_where_it_says(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await talk.say(room, mina, *(["국밥", "안녕"] * 5))
    first = good(await ask(mina, room, "search", text="국밥", limit=3))
    assert [event["seq"] for event in first["events"]] == [9, 7, 5]
    last = good(await ask(mina, room, "search", text="국밥", limit=3, before=first["next"]))
    assert [event["seq"] for event in last["events"]] == [3, 1]
    assert "next" not in last


WHAT = ("events", "events/1/thread", "pins", "search?text=x")


@pytest.mark.parametrize("what", WHAT)
async def test_who_is_no_member_reads_nothing(guests: Guests, talk: Talk, what: str) -> None:
    mina, stranger = await guests(2)
    room = (await mina.create())["id"]
    await talk.say(room, mina, "x")
    refused(await stranger.http.get(f"/api/v1/rooms/{room}/{what}"), "not_a_member")
    refused(await mina.http.get(f"/api/v1/rooms/{uuid7()}/{what}"), "not_a_member")


async def test_nothing_is_shown_from_before_ones_joining_unless_the_room_says_so(
    guests: Guests, talk: Talk
) -> None:
    mina, jun = await guests(2)
    for history, visible in (("joined", [2]), ("all", [1, 2])):
        room = (await mina.create(history=history))["id"]
        await talk.say(room, mina, "국밥 before", ago_ms=60_000)
        await jun.join(room)
        await talk.say(room, mina, "국밥 after")
        assert seqs(await ask(jun, room, "events")) == visible
        assert seqs(await ask(jun, room, "events", after=0)) == visible
        assert seqs(await ask(jun, room, "search", text="국밥")) == visible[::-1]


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("events", {"limit": 101}),
        ("events", {"before": -1}),
        ("events", {"around": "x"}),
        ("events", {"only": "sounds"}),
        ("search", {"text": "x" * 101}),
        ("search", {"text": ""}),
        ("search", {}),
        ("events/0/thread", {}),
    ],
)
async def test_a_query_out_of_bounds_is_refused(guests: Guests, what: str, query: Json) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    refused(await ask(mina, room, what, **query), "invalid")


async def test_a_search_for_blanks_is_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    refused(await ask(mina, room, "search", text="  "), "text_empty")


# --- what it costs ----------------------------------------------------------------------------------------------------


class Counted(pymongo.monitoring.CommandListener):
    """How many questions the log was asked."""

    def __init__(self) -> None:
        self.count = 0

    def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
        self.count += event.command_name in {"find", "aggregate"}

    def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None:
        pass


@pytest.fixture
def counted() -> Iterator[Counted]:
    """Counts what clients ask that are made from here on."""
    listener = Counted()
    pymongo.monitoring.register(listener)
    yield listener
    pymongo.monitoring._LISTENERS.command_listeners.remove(listener)


async def test_a_page_costs_as_many_questions_whatever_is_on_it(
    counted: Counted, control: Control, guests: Guests
) -> None:
    (mina,) = await guests(1)
    log = Log(control.services.mongo)
    await log.prepare()
    talk = Talk(log, now_ms)
    costs: dict[str, set[int]] = {}
    for many in (1, 20):
        room = (await mina.create())["id"]
        for _ in range(many):
            said = await talk.append(room, saying(room, mina, "점심?"), saying(room, mina, "국밥"))
            changes: list[AnyBody] = [
                saying(room, mina, "국밥!", reply_to=1),
                EditBody(room=room, sender=mina.id, client_id=uuid7(), of=1, text="저녁?", by=mina.id),
                EditBody(room=room, sender=mina.id, client_id=uuid7(), of=said, text="냉면", by=mina.id),
                PinBody(room=room, sender=mina.id, client_id=uuid7(), of=said, change="pinned", by=mina.id),
            ]
            await talk.append(room, *changes)
        for what, query in (
            ("events", {}), ("events/1/thread", {}), ("pins", {}), ("search", {"text": "냉면"}),
        ):  # fmt: skip
            before = counted.count
            assert seqs(await ask(mina, room, what, **query))
            costs.setdefault(what, set()).add(counted.count - before)
    assert costs == {"events": {4}, "events/1/thread": {5}, "pins": {4}, "search": {6}}
