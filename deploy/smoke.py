"""A short conversation with a whole, running Madang: whether the thin line through everything holds.

Two people sign up by phone code, log in, meet in a room and talk, each on another chatd replica and once through the
front; what they heard is compared with what the log says. They share a timer and a call, are matched at random, and
logging out closes a live socket. Needs nothing but the addresses: MADANG_URL and MADANG_CHATD_URLS (separated by commas), or
else the instance that runs on `.madang/`. It reads the development outbox, so it is of no use against production, and it
leaves its people and rooms behind.

Prints one line for each promise kept; exit status 0 if all were.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trio

from chatd.client import Api, Client, ClientError, Room, Session, open_client
from chatd.client.api import RandomApplication
from chatd.client.effects import Lost
from common.disconnect import SESSION_REVOKED
from common.protocol import AnyEvent, CallSignal, Message, PersonalMatch, SignalOffer
from common.units import SECONDS

RUN = Path(__file__).resolve().parent.parent / ".madang" / "run.json"
WITHIN = 60 * SECONDS
LINES = 20
HOUR_MS = 3_600_000


class BrokenPromiseError(Exception):
    """What was promised and did not come true, in a sentence."""


@dataclass(frozen=True)
class Someone:
    """A person who signed up a moment ago."""

    id: str
    nickname: str
    session: Session


def expect(promise: bool, otherwise: str) -> None:
    if not promise:
        raise BrokenPromiseError(otherwise)


@contextmanager
def step(name: str) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"  no  {name}", flush=True)
        raise
    print(f"  ok  {name} ({(time.monotonic() - began) * 1000:.0f} ms)", flush=True)


async def sign_up(api: Api, name: str) -> Someone:
    """By the front door: a code to the phone, a proof for the code, an account for the proof."""
    mark = secrets.token_hex(4)
    phone = f"+8210{secrets.randbelow(90_000_000) + 10_000_000}"
    email, nickname, password = f"{mark}@smoke.example", f"{name} {mark}", secrets.token_urlsafe(16)
    await api.ask_code(phone)
    texts = await api.outbox(phone)
    expect(bool(texts), "no code came to the phone")
    code = "".join(each for each in texts[0] if each.isdigit())[:6]
    proof = (await api.verify_code(phone, code)).proof
    person = await api.sign_up(proof=proof, email=email, name=name, nickname=nickname, password=password)
    return Someone(person.id, nickname, Session(api, email, password))


async def hear(room: Room, count: int) -> list[Message]:
    """The next `count` messages of people: what a room says by itself, as a match's does, comes when it comes."""
    heard: list[Message] = []
    while len(heard) < count:
        event = await room.next_event()
        if isinstance(event, Message) and event.kind != "system":
            heard.append(event)
    return heard


async def talk(mina: Room, jun: Room) -> list[Message]:
    """Both speak at once, and both hear everything, in one order."""
    heard: dict[str, list[Message]] = {}

    async def speak(room: Room, name: str) -> None:
        for number in range(LINES):
            await room.send(f"{name} {number} 안녕하세요 👋")

    async def listen(room: Room, name: str) -> None:
        heard[name] = await hear(room, 2 * LINES)

    async with trio.open_nursery() as nursery:
        for room, name in ((mina, "mina"), (jun, "jun")):
            nursery.start_soon(speak, room, name)
            nursery.start_soon(listen, room, name)
    expect(heard["mina"] == heard["jun"], "the two heard different things, or in another order")
    return heard["mina"]


async def read_all(room: Room) -> list[AnyEvent]:
    page = await room.history(after=0, limit=100)
    expect(not page.more, "the history is longer than what was said")
    return page.events


async def loss_of(client: Client) -> int | None:
    """Read on until the server closes the socket; the close code."""
    while True:
        news = await client.next_push()
        if isinstance(news, Lost):
            return news.code


async def until(condition: Callable[[], object]) -> None:
    """Return once it holds: what it is about is told to clients, and they tell nobody."""
    while not condition():  # noqa: ASYNC110 - nothing tells of it
        await trio.sleep(0.02)


async def signal_to(client: Client) -> CallSignal:
    """What a peer of a call tells this client."""
    async for news in client.pushes():
        if isinstance(news, CallSignal):
            return news
    raise BrokenPromiseError("the client was closed")


async def match_of(client: Client, match: str) -> PersonalMatch:
    """What this client hears of a match."""
    async for news in client.pushes():
        if isinstance(news, PersonalMatch) and news.match == match:
            return news
    raise BrokenPromiseError("the client was closed")


async def look_for_company(api: Api, mina: Someone, jun: Someone) -> RandomApplication:
    """Both look for company for the same meal; the second one's application, which is matched with the first one's."""
    offered = await api.conditions()
    places = [each.key for each in offered.places if not each.retired][:1]
    ways = [each.key for each in offered.ways if not each.retired][:1]
    token = await mina.session.access()
    while (await api.look_for_meal(token, places, ways)).state != "waiting":
        pass  # with somebody who waited here before
    return await api.look_for_meal(await jun.session.access(), places, ways)


async def share(here: Room, there: Room, at_other: Client) -> None:
    """A timer and a call, in the same room on two replicas."""
    with step("a timer is the same on both replicas"):
        started = await here.start_timer(HOUR_MS)
        await until(lambda: there.timer and there.timer.ends_at == started.at + HOUR_MS)
        await there.reset_timer()
        await until(lambda: here.timer and here.timer.phase == "none")
    with step("two come into a call, and one's offer reaches the other"):
        caller, called = await here.join_call(mic=True), await there.join_call(camera=True)
        await until(lambda: here.call and len(here.call.peers) == 2)
        await here.signal(called.peer, SignalOffer(sdp="v=0"))
        offer = await signal_to(at_other)
        expect((offer.from_peer, offer.peer) == (caller.peer, called.peer), "the offer went astray")
        await there.leave_call()
        await until(lambda: here.call and len(here.call.peers) == 1)
        await here.leave_call()


async def be_matched(api: Api, one: tuple[Someone, Client], other: tuple[Someone, Client]) -> None:
    """Two, each at another replica, are brought together."""
    (mina, at_one), (jun, at_other) = one, other
    with step("two who look for company at random hear of it at once, and meet in a room of their own"):
        met = await look_for_company(api, mina, jun)
        with trio.fail_after(5 * SECONDS):
            news = await match_of(at_one, met.match or "")
            expect(news == await match_of(at_other, met.match or ""), "the two heard different things")
        expect({each.user for each in news.people} == {mina.id, jun.id}, "somebody else was matched")
        expect(news.room == met.room, "the match has two rooms")
        here, there = await at_one.open_room(news.room), await at_other.open_room(news.room)
        await talk(here, there)


async def converse(url: str, replicas: Sequence[str]) -> None:
    api = Api(url)
    with step("two people signed up by phone code and logged in"):
        mina, jun = await sign_up(api, "Mina"), await sign_up(api, "Jun")
        token = await mina.session.access()
        me = await api.me(token)
        expect(me.id == mina.id, "logging in gave somebody else's session")
    with step("one made a room, the other joined it by its code"):
        room = await api.create_room(token, "Smoke")
        expect(bool(room.join_code), "the room has no code")
        joined = await api.join(await jun.session.access(), room.join_code or "")
        expect(joined.id == room.id, "the code opened another room")
    front = url.replace("http", "ws", 1) + "/socket"
    async with (
        open_client([replicas[0]], mina.session) as at_one,
        open_client([replicas[-1]], jun.session) as at_other,
        open_client([front], mina.session) as at_front,
    ):
        with step(f"{2 * LINES} messages, at once, over {len(set(replicas))} replicas, in one order"):
            here, there = await at_one.open_room(room.id), await at_other.open_room(room.id)
            said = await talk(here, there)
        with step("the front takes a socket to a replica as well"):
            third = await at_front.open_room(room.id)
            sent = await there.send("through the front")
            (last,) = await hear(third, 1)
            expect(last.seq == sent.seq, "the front's socket heard something else")
        with step("the log has what was said, each once, with no hole"):
            here_log, there_log = await read_all(here), await read_all(there)
            # Who joined later reads on from there, as rooms are made by default.
            expect(here_log[-len(there_log) :] == there_log, "two replicas tell two histories")
            seqs = [event.seq for event in here_log]
            expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), f"the log has holes: {seqs}")
            messages = [event for event in here_log if isinstance(event, Message)]
            expect(messages == [*said, last], "the log is not what was heard")
            expect(
                messages == [event for event in there_log if isinstance(event, Message)], "one misses some"
            )
        await share(here, there, at_other)
        await be_matched(api, (mina, at_one), (jun, at_other))
        with step("logging out closes the live socket"):
            await jun.session.end()
            with trio.fail_after(5 * SECONDS):
                code = await loss_of(at_other)
            expect(code == SESSION_REVOKED.code, f"the socket was closed with {code}")


def addresses() -> tuple[str, list[str]]:
    """The front and the replicas, from the environment or from the instance that runs here."""
    url, replicas = os.environ.get("MADANG_URL"), os.environ.get("MADANG_CHATD_URLS")
    if url and replicas:
        return url, replicas.split(",")
    try:
        run = json.loads(RUN.read_text())
    except FileNotFoundError:
        raise BrokenPromiseError(
            "nothing runs here: start ./deploy/up, or set MADANG_URL and MADANG_CHATD_URLS"
        ) from None
    return run["url"], run["chatd_urls"]


async def smoke() -> None:
    url, replicas = addresses()
    with trio.fail_after(WITHIN):
        await converse(url, replicas)


def main() -> int:
    failures: list[str] = []
    try:
        trio.run(smoke)
    except* (BrokenPromiseError, ClientError) as group:
        failures += [f"{type(leaf).__name__}: {leaf}" for leaf in _leaves(group)]
    except* trio.TooSlowError:
        failures.append(f"it took longer than {WITHIN:.0f} s")
    for failure in failures:
        print(f"  FAILED  {failure}", flush=True)
    return 1 if failures else 0


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[BaseException]:
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from _leaves(each)
        else:
            yield each


if __name__ == "__main__":
    sys.exit(main())
