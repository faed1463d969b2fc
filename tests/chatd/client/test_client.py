"""The client keeps its promises over connections that end in every way."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.client import (
    CommandFailed,
    Lost,
    RoomClosed,
    Stopped,
)
from common import protocol
from common.errors import MadangError
from common.protocol import Position
from tests.chatd.client.dialling import ROOM, A, B, Tokens, client_of, message, welcomed
from tests.chatd.client.model import ME, Model
from tests.chatd.client.peer import Network


async def test_opens_sends_and_hears(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        sent = await room.send("안녕")
        heard = await room.next_event()
    assert sent == protocol.Sent(seq=1, mseq=1, at=1)
    assert isinstance(heard, protocol.Message)
    assert (heard.text, heard.sender, room.position) == ("안녕", ME, Position("e1", 1))


async def test_a_send_survives_five_drops_and_is_one_message(
    autojump_clock: MockClock, network: Network
) -> None:
    ids = set()
    async with client_of(network, urls=(A, B)) as client, trio.open_nursery() as nursery:
        sent: list[protocol.Sent] = []

        async def say() -> None:
            room = await client.open_room(ROOM)
            sent.append(await room.send("once"))

        nursery.start_soon(say)
        peer, _ = await welcomed(network)
        command = await peer.expect(protocol.RoomOpen)
        await peer.answer(
            command,
            protocol.RoomOpened(room=ROOM, position=Position("e1", 5), participants=[], online=0, away=0),
        )
        for _ in range(5):
            command = await peer.expect(protocol.MessageSend)
            assert isinstance(command, protocol.MessageSend)
            ids.add(command.client_id)
            await peer.drop()
            peer, hello = await welcomed(network)
            assert hello.resume == {ROOM: Position("e1", 5)}
            await peer.push(
                protocol.Opened(room=ROOM, position=Position("e1", 5), participants=[], online=0, away=0)
            )
        command = await peer.expect(protocol.MessageSend)
        assert isinstance(command, protocol.MessageSend)
        ids.add(command.client_id)
        await peer.answer(command, protocol.Sent(seq=6, mseq=6, at=0))
        await peer.answer(command, protocol.Sent(seq=7, mseq=7, at=0))  # an answer nobody waits for
    assert sent == [protocol.Sent(seq=6, mseq=6, at=0)]
    assert len(ids) == 1
    assert {url for url, _ in network.dials} == {A, B}


async def test_who_is_away_comes_back_away(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network) as client, trio.open_nursery() as nursery:
        peer, hello = await welcomed(network)
        assert hello.state == "online"
        nursery.start_soon(client.say_state, "away")
        command = await peer.expect(protocol.PresenceSet)
        await peer.answer(command, protocol.Done())
        await peer.drop()
        peer, hello = await welcomed(network)
        assert hello.state == "away"


async def test_the_state_of_people_is_asked(autojump_clock: MockClock, network: Network) -> None:
    told = [protocol.PersonState(ME, "offline", 7)]
    found: list[protocol.PersonState] = []
    async with client_of(network) as client, trio.open_nursery() as nursery:

        async def ask() -> None:
            found.extend(await client.states([ME]))

        nursery.start_soon(ask)
        peer, _ = await welcomed(network)
        command = await peer.expect(protocol.PresenceQuery)
        assert isinstance(command, protocol.PresenceQuery)
        assert command.users == [ME]
        await peer.answer(command, protocol.PresenceStates(told))
    assert found == told


async def test_a_resumed_room_drops_what_it_knows_and_asks_for_what_it_misses(
    autojump_clock: MockClock, network: Network
) -> None:
    async with client_of(network) as client, trio.open_nursery() as nursery:
        heard: list[int] = []

        async def listen() -> None:
            room = await client.open_room(ROOM)
            while len(heard) < 6:
                event = await room.next_event()
                assert isinstance(event, protocol.Message)
                heard.append(event.seq)

        nursery.start_soon(listen)
        peer, _ = await welcomed(network)
        command = await peer.expect(protocol.RoomOpen)
        await peer.answer(
            command,
            protocol.RoomOpened(room=ROOM, position=Position("e1", 0), participants=[], online=0, away=0),
        )
        await peer.push(message(1), message(2), message(2), message(1), message(5), message(6))
        command = await peer.expect(protocol.RoomOpen)
        assert isinstance(command, protocol.RoomOpen)
        assert command.resume == Position("e1", 2)
        await peer.answer(
            command,
            protocol.RoomOpened(room=ROOM, position=Position("e1", 2), participants=[], online=0, away=0),
        )
        await peer.push(*(message(seq) for seq in range(3, 7)))
    assert heard == [1, 2, 3, 4, 5, 6]


async def test_reset_is_told_and_the_jump_can_be_replayed(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    for number in range(700):
        model.say(ROOM, str(number))
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM, resume=Position("e1", 100))
        reset = await room.next_event()
        assert reset == protocol.Reset(room=ROOM, position=Position("e1", 700), reason="behind")
        assert room.position == Position("e1", 700)
        replayed = [event.seq async for event in room.replay(after=100, until=700)]
        assert replayed == list(range(101, 701))


async def test_tries_are_spread_and_patient(autojump_clock: MockClock, network: Network) -> None:
    network.unreachable = {A, B}
    delays = []
    async with client_of(network, urls=(A, B)) as client:
        for _ in range(40):
            news = await client.next_push()
            assert isinstance(news, Lost)
            delays.append(news.back_in)
    caps = [min(15.0, 0.1 * 2**attempt) for attempt in range(40)]
    assert all(0 <= delay <= cap for delay, cap in zip(delays, caps, strict=True))
    assert 4 < sum(delays[10:]) / 30 < 11  # full jitter: half the cap on average
    assert len({round(delay, 6) for delay in delays}) == 40
    urls = [url for url, _ in network.dials]
    assert urls[0::2] == [urls[0]] * len(urls[0::2])
    assert set(urls) == {A, B}


@pytest.mark.parametrize("code", [4501, 4504, 4507, 4510, 4999])
async def test_a_final_close_stops_what_waits(autojump_clock: MockClock, network: Network, code: int) -> None:
    async with client_of(network) as client, trio.open_nursery() as nursery:

        async def wait() -> None:
            with pytest.raises(Stopped):
                await client.ping()

        nursery.start_soon(wait)
        peer, _ = await welcomed(network)
        await peer.expect(protocol.Ping)
        await peer.close(code)


@pytest.mark.parametrize("code", [1001, 1011, 4000, 4001, 4005, 4008, 4010, 4012])
async def test_any_other_close_is_come_back_from(
    autojump_clock: MockClock, network: Network, code: int
) -> None:
    tokens = Tokens()
    async with client_of(network, tokens) as client, trio.open_nursery() as nursery:
        nursery.start_soon(client.ping)
        peer, _ = await welcomed(network)
        await peer.expect(protocol.Ping)
        await peer.close(code)
        peer, hello = await welcomed(network)
        assert hello.token == ("t2" if code == 4005 else "t1")
        await peer.answer(await peer.expect(protocol.Ping), protocol.Pong(now=0))


async def test_a_draining_replica_is_left_when_it_says(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network, urls=(A, B)):
        peer, _ = await welcomed(network)
        first, at = network.dials[0]
        await peer.push(protocol.Reconnect(after_ms=3_000))
        await welcomed(network)
        second, later = network.dials[1]
    assert second != first
    assert 3.0 <= later - at <= 3.2


async def test_a_silent_server_is_left(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network) as client:
        peer, _ = await welcomed(network)
        await peer.expect(protocol.Ping)  # asked after a heartbeat of silence
        assert trio.current_time() == pytest.approx(network.dials[0][1] + 20, abs=1)
        while not isinstance(news := await client.next_push(), Lost):
            pass
        assert "silent" in news.why
        assert trio.current_time() == pytest.approx(network.dials[0][1] + 45, abs=1)


async def test_a_server_that_hangs_up_in_the_handshake_is_left_at_once(
    autojump_clock: MockClock, network: Network
) -> None:
    async with client_of(network) as client:
        await trio.aclose_forcefully(await network.raw())
        assert "handshake" in (await client.next_push()).why  # type: ignore[union-attr]
        assert trio.current_time() - network.dials[0][1] < 0.2


async def test_a_handshake_that_never_ends_is_given_up(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network) as client:
        await network.raw()
        assert isinstance(await client.next_push(), Lost)
        assert trio.current_time() - network.dials[0][1] == pytest.approx(10, abs=0.1)


async def test_refusals_for_the_moment_are_waited_out(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    model.refusals += [MadangError("log_unavailable"), MadangError("rate_limited", retry_after_ms=2000)]
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        start = trio.current_time()
        async with trio.open_nursery() as senders:
            for number in range(20):
                senders.start_soon(room.send, str(number))
                await wait_all_tasks_blocked()
        assert 2.0 <= trio.current_time() - start < 4
    assert sorted(model.texts(ROOM), key=int) == [str(number) for number in range(20)]


async def test_a_final_refusal_is_raised(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model(closed_to_me={"x": "not_a_member"})
    model.refusals.append(MadangError("text_too_long"))
    model.refusals.append(MadangError("muted"))
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        with pytest.raises(CommandFailed, match="text_too_long"):
            await room.send("much")
        with pytest.raises(CommandFailed, match="muted"):
            await room.send("now")
        model.closed_to_me[ROOM[:-1] + "2"] = "not_a_member"
        with pytest.raises(CommandFailed) as failed:
            await client.open_room(ROOM[:-1] + "2")
        assert (failed.value.code, failed.value.temporary) == ("not_a_member", False)
        await room.send("again")


async def test_haste_waits_here_in_order(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        start = trio.current_time()
        async with trio.open_nursery() as senders:
            for number in range(140):
                senders.start_soon(room.send, str(number))
                await wait_all_tasks_blocked()
        assert trio.current_time() - start == pytest.approx(5, abs=0.3)  # 50 at once, 90 at 18 a second
    assert model.texts(ROOM) == [str(number) for number in range(140)]


async def test_a_lost_room_ends_its_events(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network) as client, trio.open_nursery() as nursery:

        async def listen() -> None:
            room = await client.open_room(ROOM)
            with pytest.raises(RoomClosed) as closed:
                async for _ in room.events():
                    pass
            assert closed.value.sentence("en") == "You are not a member of this room."
            with pytest.raises(RoomClosed):
                await room.send("too late")

        nursery.start_soon(listen)
        peer, _ = await welcomed(network)
        command = await peer.expect(protocol.RoomOpen)
        await peer.answer(
            command,
            protocol.RoomOpened(room=ROOM, position=Position("e1", 0), participants=[], online=0, away=0),
        )
        await peer.push(protocol.Closed(room=ROOM, code="not_a_member"))


async def test_closing_a_room_ends_its_events_quietly(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        model.say(ROOM, "one")
        heard = []
        async for event in room.events():
            heard.append(event)
            room.close()
        assert len(heard) == 1
        await client.ping()
        assert model.connections[0].rooms == set()
        await client.open_room(ROOM)


async def test_a_reader_that_is_behind_costs_bounded_memory_and_misses_nothing(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        for number in range(1400):
            model.say(ROOM, str(number))
        await wait_all_tasks_blocked()
        await client.ping()  # answers are not held up
        assert len(room._state.view._inbox) == 1024
        seqs = [(await room.next_event()).seq for _ in range(1400)]  # type: ignore[union-attr]
    assert seqs == list(range(1, 1401))


async def test_sending_from_within_the_events_does_not_lock(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model()
    nursery.start_soon(network.serve, model)
    async with client_of(network) as client:
        room = await client.open_room(ROOM)
        for number in range(1200):
            model.say(ROOM, str(number))
        async for event in room.events():
            assert isinstance(event, protocol.Message)
            if event.seq % 100 == 0 and event.sender != ME:
                await room.send(f"echo {event.seq}")
            if event.seq == 1200:
                break
        assert sum(text.startswith("echo") for text in model.texts(ROOM)) == 12


async def test_a_cancelled_send_is_not_sent_again(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network) as client, trio.open_nursery() as nursery:
        opened = trio.Event()

        async def say() -> None:
            room = await client.open_room(ROOM)
            opened.set()
            with trio.move_on_after(1):
                await room.send("never mind")
            await room.send("this one")

        nursery.start_soon(say)
        peer, _ = await welcomed(network)
        command = await peer.expect(protocol.RoomOpen)
        await peer.answer(
            command,
            protocol.RoomOpened(room=ROOM, position=Position("e1", 0), participants=[], online=0, away=0),
        )
        await peer.expect(protocol.MessageSend)
        command = await peer.expect(protocol.MessageSend)
        await peer.drop()
        peer, _ = await welcomed(network)
        await peer.push(
            protocol.Opened(room=ROOM, position=Position("e1", 0), participants=[], online=0, away=0)
        )
        command = await peer.expect(protocol.MessageSend)
        assert isinstance(command, protocol.MessageSend)
        assert command.text == "this one"
        await peer.answer(command, protocol.Sent(seq=1, mseq=1, at=0))


async def test_leaving_says_good_bye(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network):
        peer, _ = await welcomed(network)
    assert peer.ws.closed is not None
    assert peer.ws.closed.code == 1000


async def test_leaving_a_peer_that_is_stuck_takes_a_second(
    autojump_clock: MockClock, network: Network
) -> None:
    async with client_of(network):
        await welcomed(network)
        start = trio.current_time()
    assert trio.current_time() - start <= 1.1


async def test_cancelling_drops_the_connection(autojump_clock: MockClock, network: Network) -> None:
    with trio.CancelScope() as scope:
        async with client_of(network) as client:
            peer, _ = await welcomed(network)
            scope.cancel()
            await client.ping()
    with pytest.raises(Exception, match="1006"):
        await peer.ws.get_message()


async def test_frames_of_another_world_end_the_connection(
    autojump_clock: MockClock, network: Network
) -> None:
    async with client_of(network) as client:
        peer, _ = await welcomed(network)
        await peer.ws.send_message('{"type":"from.the.future","x":1}')
        await peer.ws.send_message('{"type":"message","seq":"not a number"}')
        news = [await client.next_push(), await client.next_push()]
        assert isinstance(news[1], Lost)
        assert "bad frame" in news[1].why
