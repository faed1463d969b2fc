"""Whatever the network does between them, the client and the server end up agreeing."""

from __future__ import annotations

import math
from random import Random

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatd.client.comeback import Loss
from chatd.client.core import Core
from chatd.client.effects import HangUp, NeedToken, Settled, Told
from chatd.client.errors import ClientError, CommandFailed, Stopped
from chatd.client.lane import WINDOW, Call
from chatd.client.room_state import RoomState
from common import codec, protocol
from common.errors import MadangError
from common.protocol import Position
from tests.chatd.client.model import Model, ModelConnection

ROOM = "00000000-0000-7000-8000-000000000001"
OTHER = "00000000-0000-7000-8000-000000000002"
TEMPORARY = ("log_unavailable", "bus_unavailable", "rate_limited", "room_not_open", "overloaded")


class Conversation:
    """A core and a model, and what is on its way between them."""

    def __init__(self, seed: int = 0) -> None:
        self.core = Core(Random(seed))
        self.model = Model()
        self.now = 1000.0
        self.server: ModelConnection | None = None
        self.to_server: list[str] = []
        self.settled: list[Call] = []
        self.hung_up: list[Loss] = []
        self.tokens_wanted = 0

    def read_effects(self) -> None:
        for effect in self.core.effects():
            match effect:
                case Settled(call):
                    self.settled.append(call)
                case HangUp(loss):
                    self.hung_up.append(loss)
                case NeedToken():
                    self.tokens_wanted += 1
                case _:
                    pass

    def connect(self, token: str = "t") -> None:
        self.server = ModelConnection(self.model, round(self.now * 1000))
        self.core.connected(token, self.now)

    def disconnect(self, loss: Loss | None = None) -> Loss:
        assert self.server is not None
        self.server.gone()
        self.server, self.to_server = None, []
        return self.core.disconnected(loss or Loss("lost"), self.now)

    def write(self) -> None:
        self.to_server += self.core.frames(self.now)

    def serve_one(self) -> None:
        assert self.server is not None
        self.server.now_ms = round(self.now * 1000)
        self.server.receive(self.to_server.pop(0))

    def deliver_one(self) -> None:
        assert self.server is not None
        self.core.received(codec.encode(self.server.outbox.popleft()), self.now)
        self.read_effects()

    def push(self, push: msgspec.Struct) -> None:
        self.core.received(codec.encode(push), self.now)
        self.read_effects()

    def settle_down(self) -> None:
        """Let everything arrive that is on its way, and time pass until nobody has anything to say."""
        assert self.server is not None
        for _ in range(10_000):
            self.write()
            if self.to_server:
                self.serve_one()
            elif self.server.outbox:
                self.deliver_one()
            elif self.core.deadline() <= self.now + 16:
                self.now = max(self.now, self.core.deadline())
                self.core.tick(self.now)
                self.read_effects()
            else:
                return
            assert not self.hung_up
        raise AssertionError("they never settle")

    def take_all(self, room: RoomState) -> list[protocol.AnyEvent | protocol.Reset]:
        taken = []
        while (event := self.core.take(room)) is not None:
            taken.append(event)
        return taken


def opened(seed: int = 0) -> tuple[Conversation, RoomState]:
    it = Conversation(seed)
    room = it.core.open(ROOM)
    it.connect()
    it.settle_down()
    return it, room


def send(it: Conversation, room: RoomState, text: str) -> Call:
    command = protocol.MessageSend(room=room.id, client_id=f"client-{text}", text=text)
    return it.core.submit(command, protocol.Sent, room)


# --- by example -------------------------------------------------------------------------------------------------------


def test_nothing_is_said_before_the_welcome_but_hello() -> None:
    it = Conversation()
    room = it.core.open(ROOM)
    send(it, room, "early")
    it.connect("my-token")
    it.write()
    assert [type(codec.decode_command(frame)) for frame in it.to_server] == [protocol.Hello]
    it.settle_down()
    assert it.model.texts(ROOM) == ["early"]


def test_a_window_of_sends_is_unanswered_at_most() -> None:
    it, room = opened()
    for number in range(40):
        send(it, room, str(number))
    it.write()
    assert len(it.to_server) == WINDOW
    it.settle_down()
    assert it.model.texts(ROOM) == [str(number) for number in range(40)]


def test_what_was_refused_for_the_moment_goes_before_what_has_not_gone() -> None:
    it, room = opened()
    for number in range(WINDOW + 5):
        send(it, room, str(number))
    it.model.refusals += [MadangError("overloaded")] * WINDOW
    it.settle_down()
    assert it.model.texts(ROOM) == [str(number) for number in range(WINDOW + 5)]


def test_an_abandoned_call_is_not_written_and_not_told() -> None:
    it, room = opened()
    call = send(it, room, "no")
    it.core.abandon(call)
    it.settle_down()
    assert it.model.texts(ROOM) == []
    assert call not in it.settled


def test_a_command_left_unanswered_ends_the_connection() -> None:
    it, room = opened()
    send(it, room, "hello?")
    it.write()
    it.now += 29
    it.push(protocol.Presence(user="u", state="online", at=0))
    it.core.tick(it.now)
    it.read_effects()
    assert not it.hung_up
    it.now += 1
    it.core.tick(it.now)
    it.read_effects()
    assert [loss.why for loss in it.hung_up] == ["the server left a command unanswered"]


def test_an_expired_token_is_replaced_and_the_send_goes_again() -> None:
    it, room = opened()
    it.model.refusals.append(MadangError("token_expired"))
    call = send(it, room, "late")
    it.settle_down()
    assert it.tokens_wanted == 1
    assert isinstance(call.outcome, protocol.Sent)


def test_a_refused_renewal_asks_for_a_new_connection_with_a_new_token() -> None:
    it, _ = opened()
    it.model.bad_tokens.add("worse")
    call = it.core.submit(protocol.AuthRefresh(token="worse"), protocol.Refreshed)
    it.write()
    it.serve_one()
    it.deliver_one()
    assert isinstance(call.outcome, CommandFailed)
    assert [loss.code for loss in it.hung_up] == [4005]


def test_the_token_is_renewed_in_the_last_third_of_its_life() -> None:
    ends = []
    for seed in range(50):
        it = Conversation(seed)
        it.connect()
        it.settle_down()
        assert it.core._link is not None
        ends.append((it.core._link.renew_at - 1000) / 900)
    assert 0.7 <= min(ends) < max(ends) <= 0.85


def test_a_warning_renews_at_once() -> None:
    it, _ = opened()
    it.push(protocol.PersonalExpiring(expires_at=0))
    it.core.tick(it.now)
    it.core.tick(it.now)
    it.read_effects()
    assert it.tokens_wanted == 1


def test_a_room_that_cannot_be_resumed_ends_with_its_calls() -> None:
    it, room = opened()
    first = send(it, room, "first")
    it.write()
    it.disconnect()
    second = send(it, room, "second")
    it.model.closed_to_me[ROOM] = "not_a_member"
    it.connect()
    it.settle_down()
    assert isinstance(first.outcome, ClientError)
    assert isinstance(second.outcome, ClientError)
    assert room.ended is not None
    with pytest.raises(ClientError):
        send(it, room, "third")


def test_a_room_whose_server_cannot_open_it_for_the_moment_is_asked_for_again() -> None:
    it = Conversation()
    it.model.closed_to_me[ROOM] = "unavailable"
    room = it.core.open(ROOM)
    it.connect()
    it.write()
    it.serve_one()
    it.deliver_one()
    for _ in range(20):  # twenty refusals, each answered with more patience
        it.now = max(it.now, it.core.deadline())
        it.write()
        while it.to_server:
            it.serve_one()
        while it.server and it.server.outbox:
            it.deliver_one()
    assert room.opening.outcome is None
    it.model.closed_to_me.clear()
    it.settle_down()
    assert isinstance(room.opening.outcome, protocol.RoomOpened)


def test_a_hole_that_does_not_heal_is_asked_about_with_patience() -> None:
    it, room = opened()
    asked = []
    for _ in range(12):
        it.push(_message(5))  # what is before it never comes
        it.now = max(it.now, it.core.deadline())
        frames = it.core.frames(it.now)
        assert [type(codec.decode_command(frame)) for frame in frames] == [protocol.RoomOpen]
        asked.append(it.now)
        command = codec.decode_command(frames[0])
        ok = protocol.RoomOpened(room=ROOM, position=Position("e1", 0), participants=[], online=0, away=0)
        it.push(protocol.Reply(id=command.id or "", ok=msgspec.Raw(codec.encode(ok))))
    assert asked[-1] - asked[0] > 10
    assert it.take_all(room) == []


def test_resets_nobody_took_become_one() -> None:
    it, room = opened()
    for seq in range(2000):
        it.push(protocol.Reset(room=ROOM, position=Position("e2", seq), reason="epoch"))
    taken = it.take_all(room)
    assert taken == [protocol.Reset(room=ROOM, position=Position("e2", 1999), reason="epoch")]
    assert room.view.taken == Position("e2", 1999)


def test_closing_a_room_tells_the_server_on_this_connection_only() -> None:
    it, room = opened()
    it.core.close(room)
    it.disconnect()
    room = it.core.open(ROOM)
    it.connect()
    it.settle_down()
    assert it.server is not None
    assert it.server.rooms == {ROOM}
    it.core.close(room)
    it.settle_down()
    assert it.server.rooms == set()


def test_stopping_ends_everything() -> None:
    it, room = opened()
    calls = [send(it, room, str(number)) for number in range(20)]
    calls.append(it.core.submit(protocol.Ping(), protocol.Pong))
    it.write()
    it.disconnect()
    it.core.stop(Stopped("enough"))
    assert all(isinstance(call.outcome, Stopped) for call in calls)
    with pytest.raises(Stopped):
        it.core.open(OTHER)


def test_who_is_online_is_known_until_the_connection_ends() -> None:
    it, _ = opened()
    it.push(protocol.Presence(user="arin", state="online", at=0))
    assert "arin" in it.core.online
    assert it.core.away == set()
    it.push(protocol.Presence(user="arin", state="away", at=0))
    assert "arin" in it.core.online
    assert it.core.away == {"arin"}
    it.push(protocol.Presence(user="arin", state="online", at=0))
    assert it.core.away == set()
    it.push(protocol.Presence(user="arin", state="offline", at=0))
    assert "arin" not in it.core.online
    it.disconnect()
    assert it.core.online == set()


def test_a_loss_is_told_with_how_long_it_lived_and_how_long_to_stay_away() -> None:
    it, _ = opened()
    it.now += 60
    it.push(protocol.Reconnect(after_ms=4000))
    it.now += 1
    loss = it.disconnect(Loss("draining", 4001))
    assert (loss.code, loss.lived, loss.after) == (4001, 61, 3)


def test_news_is_told_and_a_room_s_own_news_too() -> None:
    it = Conversation()
    it.connect()
    it.settle_down()
    it.core.received(codec.encode(protocol.PersonalRoom(room=ROOM, change="joined")), it.now)
    assert Told(protocol.PersonalRoom(room=ROOM, change="joined")) in it.core.effects()


def _message(seq: int) -> protocol.Message:
    return protocol.Message(seq=seq, at=0, room=ROOM, mseq=seq, sender="x", client_id="of-another", text="")


# --- by chance --------------------------------------------------------------------------------------------------------


class AnyNetwork(RuleBasedStateMachine):
    """Drops, duplicates, holes, refusals and new epochs in any order."""

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.it = Conversation(seed)
        self.rooms = [self.it.core.open(ROOM), self.it.core.open(OTHER)]
        self.calls: list[Call] = []
        self.seen: dict[str, list[protocol.AnyEvent | protocol.Reset]] = {ROOM: [], OTHER: []}
        self.refused = False

    @property
    def connected(self) -> bool:
        return self.it.server is not None

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.it.connect()

    @precondition(lambda self: self.connected)
    @rule()
    def drop(self) -> None:
        self.it.disconnect()

    @rule()
    def write(self) -> None:
        self.it.write()

    @precondition(lambda self: self.connected and self.it.to_server)
    @rule(most=st.integers(1, 8))
    def serve(self, most: int) -> None:
        while most and self.it.to_server:
            self.it.serve_one()
            most -= 1

    @precondition(lambda self: self.connected and self.it.server.outbox)
    @rule(most=st.integers(1, 12))
    def deliver(self, most: int) -> None:
        while most and self.it.server and self.it.server.outbox:
            self.it.deliver_one()
            most -= 1

    @precondition(lambda self: self.connected and self.it.server.outbox)
    @rule()
    def deliver_twice(self) -> None:
        assert self.it.server is not None
        head = self.it.server.outbox[0]
        if isinstance(head, protocol.Message):
            self.it.push(head)
        self.it.deliver_one()

    @precondition(lambda self: self.connected and self.it.server.outbox)
    @rule()
    def lose_an_event(self) -> None:
        assert self.it.server is not None
        if isinstance(self.it.server.outbox[0], protocol.Message):
            self.it.server.outbox.popleft()

    @rule(room=st.integers(0, 1))
    def somebody_says(self, room: int) -> None:
        self.it.model.say(self.rooms[room].id, "theirs")

    @rule(room=st.integers(0, 1), count=st.integers(1, 20))
    def i_say(self, room: int, count: int) -> None:
        for _ in range(count):
            self.calls.append(send(self.it, self.rooms[room], str(len(self.calls))))

    @rule(code=st.sampled_from(TEMPORARY), count=st.integers(1, 4))
    def the_server_refuses_some(self, code: str, count: int) -> None:
        self.refused = True
        self.it.model.refusals += [MadangError(code, retry_after_ms=100)] * count

    @rule()
    def the_bus_begins_anew(self) -> None:
        self.it.model.epoch = f"e{int(self.it.model.epoch[1:]) + 1}"
        if self.it.server:
            for room in sorted(self.it.server.rooms):
                self.it.server.outbox.append(
                    protocol.Reset(room=room, position=self.it.model.position(room), reason="epoch")
                )

    @rule(seconds=st.floats(0, 12))
    def time_passes(self, seconds: float) -> None:
        self.it.now += seconds
        self.it.core.tick(self.it.now)
        self.it.read_effects()
        if self.it.hung_up:
            self.it.hung_up.clear()
            self.it.disconnect()

    @rule(room=st.integers(0, 1))
    def i_read(self, room: int) -> None:
        self.seen[self.rooms[room].id] += self.it.take_all(self.rooms[room])

    @invariant()
    def an_answer_is_what_is_stored(self) -> None:
        if not hasattr(self, "it"):
            return
        for call in self.it.settled:
            command, outcome = call.command, call.outcome
            if isinstance(command, protocol.MessageSend):
                assert isinstance(outcome, protocol.Sent)
                stored = self.it.model.logs[command.room][outcome.seq - 1]
                assert isinstance(stored, protocol.Message)
                assert stored.client_id == command.client_id

    def teardown(self) -> None:
        if not hasattr(self, "it"):
            return
        it = self.it
        it.model.refusals.clear()
        if not self.connected:
            it.connect()
        it.settle_down()
        for room in self.rooms:
            it.model.say(room.id, "last")
        it.settle_down()
        assert all(isinstance(call.outcome, protocol.Sent) for call in self.calls)
        assert len({id(call) for call in it.settled}) == len(it.settled)
        for room in self.rooms:
            self._check(room)

    def _check(self, room: RoomState) -> None:
        mine = [call.command for call in self.calls if call.room == room.id]
        stored = [
            event.client_id
            for event in self.it.model.logs[room.id]
            if isinstance(event, protocol.Message) and event.text != "theirs" and event.text != "last"
        ]
        said = [command.client_id for command in mine if isinstance(command, protocol.MessageSend)]
        assert sorted(stored) == sorted(said)
        if not self.refused:
            assert stored == said
        self.seen[room.id] += self.it.take_all(room)
        assert room.view.taken == self.it.model.position(room.id)
        self._check_dense(self.seen[room.id])

    def _check_dense(self, seen: list[protocol.AnyEvent | protocol.Reset]) -> None:
        at = math.nan
        for event in seen:
            seq = event.position.seq if isinstance(event, protocol.Reset) else event.seq
            assert isinstance(event, protocol.Reset) or math.isnan(at) or seq == at + 1
            at = seq


AnyNetwork.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
test_any_network = AnyNetwork.TestCase
