"""A room that is closed is told of once a second at most, a mention at once, and neither where the room is open."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd import unread as unread_module
from chatd.presence.circle import Circle
from chatd.unread import EVERY, Unread
from common.roomlog.position import AnyBody, Draft, Entry, MessageBody, ReactionBody
from tests.chatd.test_news import payloads


class Socket:
    """A connection that notes what it was handed."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.backlog = 0.0
        self.pieces: list[bytes] = []

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append(data)
        return True

    @property
    def heard(self) -> list[tuple[str, str, int]]:
        return [
            (told["type"], told["room"], told["mseq"]) for piece in self.pieces for told in payloads(piece)
        ]


class House:
    """Hub and roster at once: who is here, in which room, and what they have open."""

    def __init__(self) -> None:
        self.users: dict[str, list[Socket]] = {}
        self.members: dict[str, set[str]] = {}
        self.open: set[tuple[Socket, str]] = set()
        self.settling = trio.Event()
        self.settling.set()
        self.unread = Unread(self, self, self)  # type: ignore[arg-type]
        self.seq = 0

    def at(self, user: str, *, closed: str = "", opened: str = "") -> Socket:
        socket = Socket(user)
        self.users.setdefault(user, []).append(socket)
        for room in f"{closed} {opened}".split():
            self.members.setdefault(room, set()).add(user)
        self.open |= {(socket, room) for room in opened.split()}
        return socket

    def of_user(self, user: str) -> list[Socket]:
        return list(self.users.get(user, ()))

    def hears(self, who: Socket, room_id: str) -> bool:
        return (who, room_id) in self.open

    def present(self, room: str) -> Any:
        return dict.fromkeys(self.members.get(room, ())).keys()

    async def of(self, viewer: str) -> Circle:
        await trio.lowlevel.checkpoint()
        return Circle()

    async def settled(self, within: float) -> None:
        with trio.move_on_after(within):
            await self.settling.wait()

    def says(self, room: str, sender: str = "jun", **said: Any) -> None:
        self.brings(MessageBody(room=room, sender=sender, client_id="x" * 8, text="hi", **said))

    def brings(self, body: AnyBody) -> None:
        self.seq += 1
        entry = Entry(b"%d-0" % self.seq, body.room, self.seq, self.seq, "e", Draft.of(body).body)
        self.unread.note([entry])


@pytest.fixture
async def house(nursery: trio.Nursery) -> House:
    house = House()
    nursery.start_soon(house.unread.run)
    return house


async def test_whatever_is_said_in_however_many_rooms_is_told_in_one_piece_a_second(
    house: House, autojump_clock: MockClock
) -> None:
    mina, phone = house.at("mina", closed="yard well"), house.at("mina", closed="well", opened="yard")
    stranger = house.at("sol", closed="elsewhere")
    for _ in range(50):
        house.says("yard")
        house.says("well")
    assert mina.pieces == []
    await trio.sleep(EVERY + 0.1)
    assert mina.heard == [("personal.message", "yard", 99), ("personal.message", "well", 100)]
    assert len(mina.pieces) == 1
    assert phone.heard == [("personal.message", "well", 100)]
    assert stranger.pieces == []
    await trio.sleep(10 * EVERY)
    assert len(mina.pieces) == 1
    house.says("yard")
    await trio.sleep(EVERY + 0.1)
    assert mina.heard[2:] == [("personal.message", "yard", 101)]


async def test_what_is_no_message_is_not_told(house: House, autojump_clock: MockClock) -> None:
    mina = house.at("mina", closed="yard")
    house.brings(
        ReactionBody(
            room="yard", sender="jun", client_id="x" * 8, of=1, emoji="👍", change="added", user="jun"
        )
    )
    await trio.sleep(5 * EVERY)
    assert mina.pieces == []


async def test_those_who_hear_of_the_same_room_share_its_frame_and_let_others_run(
    house: House, autojump_clock: MockClock
) -> None:
    sockets = [house.at(f"user-{number}", closed="yard") for number in range(1500)]
    house.says("yard")
    await trio.sleep(EVERY + 0.1)
    assert all(socket.heard == [("personal.message", "yard", 1)] for socket in sockets)


async def test_who_came_before_it_was_said_is_waited_for(house: House, autojump_clock: MockClock) -> None:
    house.settling = trio.Event()
    house.says("yard")
    await trio.sleep(EVERY + 0.1)
    mina = house.at("mina", closed="yard")  # whose rooms are known by now
    house.settling.set()
    await wait_all_tasks_blocked()
    assert mina.heard == [("personal.message", "yard", 1)]


async def test_a_full_outbox_is_spared(house: House, autojump_clock: MockClock) -> None:
    mina = house.at("mina", closed="yard")
    mina.backlog = 0.6
    house.says("yard", mentions=["mina"])
    await trio.sleep(EVERY + 0.1)
    assert mina.pieces == []


async def test_rounds_that_take_long_come_less_often(
    house: House, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[float] = []

    async def slow(spoke: Any) -> None:
        rounds.append(trio.current_time())
        await trio.sleep(0.5)

    monkeypatch.setattr(house.unread, "_tell_rooms", slow)
    for _ in range(40):
        house.says("yard")
        await trio.sleep(0.5)
    pauses = [later - sooner for sooner, later in itertools.pairwise(rounds)]
    assert pauses
    assert min(pauses) >= 0.5 / unread_module.SHARE


# --- mentions ---------------------------------------------------------------------------------------------------------


async def test_a_mention_is_told_at_once_to_devices_that_have_the_room_closed(house: House) -> None:
    phone, desk = house.at("mina", closed="yard"), house.at("mina", opened="yard")
    jun, sol = house.at("jun", closed="yard"), house.at("sol", closed="yard")
    house.says("yard", sender="jun", mentions=["mina", "jun", "stranger"])
    await wait_all_tasks_blocked()
    assert phone.heard == [("personal.mention", "yard", 1)]
    assert (desk.pieces, jun.pieces, sol.pieces) == ([], [], [])


async def test_a_mention_of_everybody_reaches_every_member_once(house: House) -> None:
    mina, sol, jun = (house.at(name, closed="yard") for name in ("mina", "sol", "jun"))
    stranger = house.at("stranger", closed="well")
    house.says("yard", sender="jun", mentions=["mina"], mention_all=True)
    await wait_all_tasks_blocked()
    assert mina.heard == sol.heard == [("personal.mention", "yard", 1)]
    assert (jun.pieces, stranger.pieces) == ([], [])


async def test_who_is_no_member_any_more_hears_of_no_mention(house: House) -> None:
    mina = house.at("mina")
    house.says("yard", mentions=["mina"])
    await wait_all_tasks_blocked()
    assert mina.pieces == []


async def test_words_that_look_like_a_mention_are_none(house: House) -> None:
    mina = house.at("mina", closed="yard")
    house.brings(
        MessageBody(
            room="yard", sender="jun", client_id="x" * 8, text='","mentions":["mina"],"mention_all":true'
        )
    )
    await wait_all_tasks_blocked()
    assert mina.pieces == []
