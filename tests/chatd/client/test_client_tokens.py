"""The client and its tokens: renewed on the live socket, asked for again, and given up where another would not help."""

from __future__ import annotations

from random import Random

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.client import (
    Stopped,
    TokenRefused,
    TokenUnavailable,
    open_client,
)
from common import protocol
from tests.chatd.client.dialling import ROOM, A, Tokens, client_of, welcomed
from tests.chatd.client.model import Model
from tests.chatd.client.peer import Network


async def test_the_token_is_renewed_on_the_live_socket(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    model = Model(token_life_ms=600_000)
    tokens = Tokens()
    nursery.start_soon(network.serve, model)
    async with client_of(network, tokens) as client:
        await client.ping()
        await trio.sleep(3600)
        await client.ping()
        assert len(network.dials) == 1
        assert 6 <= len(model.connections[0].refreshed) <= 9
        assert model.connections[0].refreshed == [f"t{number}" for number in range(2, tokens.given + 1)]


async def test_a_token_source_that_is_away_is_asked_again(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    nursery.start_soon(network.serve, Model())
    tokens = Tokens(TokenUnavailable("control is away"), TokenUnavailable("control is away"))
    async with client_of(network, tokens) as client:
        await client.ping()
    assert len(network.dials) == 1


async def test_refused_credentials_stop_the_client(autojump_clock: MockClock, network: Network) -> None:
    async with client_of(network, Tokens(TokenRefused("that password was changed"))) as client:
        with pytest.raises(Stopped, match="that password was changed"):
            await client.open_room(ROOM)
        with pytest.raises(Stopped):
            await client.next_push()


async def test_a_bad_token_is_replaced_once(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    tokens = Tokens()
    nursery.start_soon(network.serve, Model(bad_tokens={"t1"}))
    async with client_of(network, tokens) as client:
        await client.ping()
    assert tokens.given == 2


async def test_a_second_bad_token_stops_the_client(
    autojump_clock: MockClock, network: Network, nursery: trio.Nursery
) -> None:
    nursery.start_soon(network.serve, Model(bad_tokens={"t1", "t2", "t3"}))
    async with client_of(network) as client:
        with pytest.raises(Stopped) as stopped:
            await client.ping()
    assert stopped.value.sentence("ko") == "토큰이 올바르지 않습니다."
    assert len(network.dials) == 2


async def test_a_revoked_session_is_over_when_the_token_source_says_so(
    autojump_clock: MockClock, network: Network
) -> None:
    tokens = Tokens()
    async with client_of(network, tokens) as client:
        peer, _ = await welcomed(network)
        tokens.failures.append(TokenRefused("You logged out."))
        await peer.close(4503)
        with pytest.raises(Stopped, match=r"You logged out\."):
            await client.ping()


async def test_a_session_begun_anew_replaces_a_revoked_one(
    autojump_clock: MockClock, network: Network
) -> None:
    async with client_of(network):
        peer, _ = await welcomed(network)
        await peer.close(4503)
        _, hello = await welcomed(network)
        assert hello.token == "t2"


async def test_a_renewal_outlives_the_connection(autojump_clock: MockClock, network: Network) -> None:
    """A refresh that is cut short uses up the refresh token all the same, and with it the session."""
    asked: list[str] = []

    async def slow() -> str:
        asked.append("begun")
        if len(asked) > 1:
            await trio.sleep(10)
        asked.append("given")
        return f"t{len(asked)}"

    async with open_client([A], slow, dial=network.dial, rng=Random(1)):
        peer, _ = await welcomed(network)
        await peer.push(protocol.PersonalExpiring(expires_at=0))
        await wait_all_tasks_blocked()
        await peer.drop()
        peer, hello = await welcomed(network)
        assert hello.token == "t2"
        renewed = await peer.expect(protocol.AuthRefresh)
        assert isinstance(renewed, protocol.AuthRefresh)
        assert renewed.token == "t4"
    assert asked == ["begun", "given", "begun", "given"]


async def test_a_renewal_that_is_refused_stops_the_client(
    autojump_clock: MockClock, network: Network
) -> None:
    tokens = Tokens()
    async with client_of(network, tokens) as client:
        peer, _ = await welcomed(network)
        tokens.failures += [TokenUnavailable("later"), TokenRefused("no more")]
        await peer.push(protocol.PersonalExpiring(expires_at=0))
        with pytest.raises(Stopped, match="no more"):
            await client.ping()
    assert peer.ws.closed is not None


async def test_leaving_does_not_wait_for_a_token(autojump_clock: MockClock, network: Network) -> None:
    tokens = Tokens()
    async with client_of(network, tokens):
        peer, _ = await welcomed(network)
        tokens.failures += [TokenUnavailable("later")] * 1000
        await peer.push(protocol.PersonalExpiring(expires_at=0))
        await trio.sleep(5)
        start = trio.current_time()
    assert trio.current_time() - start <= 1.1
