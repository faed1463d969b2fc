"""Before hello: whatever is wrong with a handshake, it is answered or cut off, and costs nobody else anything."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import trio

from tests.chatd.hostile.conftest import becomes, greet
from tests.support.rawsocket import PATIENCE, open_raw, request
from tests.support.world import Person, Replica, World


async def answer_to(replica: Replica, data: bytes) -> int | None:
    """The HTTP status of the answer, after which the connection must be closed."""
    async with open_raw(replica.port) as raw:
        await raw.send(data)
        status = await raw.status()
        await raw.cut_off()
        return status


async def test_another_path_is_not_found(replica: Replica) -> None:
    assert await answer_to(replica, request("/chat")) == 404
    assert await answer_to(replica, request("/socket/more")) == 404
    assert await answer_to(replica, request("/socket.io/?EIO=4&transport=websocket")) == 404


async def test_a_query_is_no_other_path(replica: Replica) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands("/socket?v=1")


async def test_a_page_of_another_origin_is_forbidden(replica: Replica) -> None:
    assert await answer_to(replica, request(headers={"Origin": "http://evil.example"})) == 403
    assert await answer_to(replica, request(headers={"Origin": "null"})) == 403
    assert await answer_to(replica, request(headers={"Origin": "http://madang.example.evil"})) == 403


async def test_our_own_page_and_programs_without_origin_come_in(replica: Replica) -> None:
    for headers in ({"Origin": "http://madang.example"}, {}):
        async with open_raw(replica.port) as raw:
            await raw.shake_hands(**headers)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /socket HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (request(headers={"Sec-WebSocket-Version": "8"}), 426),
        (request().replace(b"GET", b"POST"), 400),
        (request().replace(b"Host: madang.example\r\n", b""), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), 400),  # TLS where there is none
        (b"\r\n\r\n\r\n\r\n", 400),
        (b"GET /socket HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", 400),
        (b"GET /socket" + b"/" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /socket HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", 400),
    ],
    ids=[
        "no upgrade",
        "old version",
        "a post",
        "no host",
        "tls",
        "nothing",
        "long header",
        "long path",
        "many headers",
    ],
)
async def test_what_is_no_handshake_is_refused_at_once(
    replica: Replica, data: bytes, status: int | None
) -> None:
    assert await answer_to(replica, data) in {status, None}


@pytest.mark.parametrize(
    "headers",
    [
        {"Connection": "Upgrade, \xff"},
        {"Host": "\xff\xfe"},
        {"Host": "xn--\xff.example"},
        {"Sec-WebSocket-Protocol": "\xff"},
        {"Sec-WebSocket-Extensions": "permessage-deflate; \xff"},
        {"Sec-WebSocket-Key": "\xff"},
        {"Authorization": "Bearer \xff"},
        {"Cookie": "\xff=\xff; madang_access=\xff"},
        {"Accept-Language": "\xff;q=\xff"},
        {"Origin": "\xff"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_bytes_that_no_header_should_have_are_no_failure_of_ours(
    replica: Replica, headers: dict[str, str]
) -> None:
    async with open_raw(replica.port) as raw:
        await raw.send(request(headers=headers))
        if await raw.status() == 101:
            await raw.say({"type": "hello"})
            assert (await raw.ends()).code == 4500
        await raw.cut_off()


async def test_a_handshake_that_never_ends_is_cut_off(hasty: Replica) -> None:
    async with open_raw(hasty.port) as raw:
        await raw.send(request()[:-4])
        await raw.cut_off()


async def test_nothing_at_all_is_cut_off(hasty: Replica) -> None:
    async with open_raw(hasty.port) as raw:
        await raw.cut_off()


async def test_a_handshake_in_drops_is_cut_off(hasty: Replica) -> None:
    """There are drops for longer than anybody waits here."""
    async with open_raw(hasty.port) as raw, trio.open_nursery() as nursery:

        @nursery.start_soon
        async def drip() -> None:
            for byte in request(headers={"Cookie": "x" * 1000}):
                await raw.send(bytes([byte]))
                await trio.sleep(0.05)

        await raw.cut_off()
        nursery.cancel_scope.cancel()


async def test_a_hello_that_never_comes_is_waited_for_no_longer_than_said(hasty: Replica) -> None:
    async with open_raw(hasty.port) as raw:
        await raw.shake_hands()
        assert await raw.ends() == (4502, "no_hello")


async def test_pings_are_no_hello(hasty: Replica) -> None:
    async with open_raw(hasty.port) as raw, trio.open_nursery() as nursery:
        await raw.shake_hands()

        @nursery.start_soon
        async def ping() -> None:
            while True:
                await raw.send(b"\x89\x80\x00\x00\x00\x00")
                await trio.sleep(0.05)

        with trio.fail_after(PATIENCE):
            assert await raw.ends(answer=False) == (4502, "no_hello")
        nursery.cancel_scope.cancel()


async def test_a_peer_that_leaves_in_the_middle_of_its_handshake_is_forgotten_at_once(
    replica: Replica,
) -> None:
    for data in (b"", b"GET /soc", request()[:-2], request()):
        before = await trio.to_thread.run_sync(replica.metric, "madang_chatd_accepted_total")
        async with open_raw(replica.port) as raw:
            await raw.send(data)
        await becomes(before + 1, partial(replica.metric, "madang_chatd_accepted_total"))
        await becomes(0, partial(underway, replica))


def underway(replica: Replica) -> float:
    """How many were accepted and have not ended, greeted or not."""
    return replica.metric("madang_chatd_accepted_total") - ended(replica)


def ended(replica: Replica) -> float:
    return replica.metric("madang_chatd_disconnects_total")


async def test_idle_handshakes_do_not_keep_others_out(shared_world: World, mina: Person) -> None:
    """More than are greeted at once, all silent: who knocks after them waits a moment, not for all their deadlines."""
    patient = shared_world.replicas(1, CHATD_HANDSHAKES="5", CHATD_HELLO_SECONDS="60")[0]
    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(sit_idle, patient)
        await becomes(10, partial(sockets_to, patient.port))
        async with open_raw(patient.port) as raw:
            with trio.fail_after(PATIENCE):
                await greet(raw, mina)
        nursery.cancel_scope.cancel()


async def test_who_knocks_at_a_full_replica_is_told_to_come_back(shared_world: World, mina: Person) -> None:
    full = shared_world.replicas(1, CHATD_CONNECTIONS="1")[0]
    await becomes(1, partial(ended, full))  # the look whether it listens
    async with open_raw(full.port) as raw:
        await greet(raw, mina)
        assert await answer_to(full, b"") == 503
        await raw.ok("ping")


async def sit_idle(replica: Replica) -> None:
    async with open_raw(replica.port):
        await trio.sleep_forever()


def sockets_to(port: int) -> int:
    """How many connections to a port of this machine are established, by the kernel's list."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(1 for line in lines if line[2].endswith(f":{port:04X}") and line[3] == "01")


async def test_of_one_address_only_so_many_may_keep_silent_and_others_come_in_as_ever(
    replica: Replica, shared_world: World, mina: Person
) -> None:
    """Behind a proxy of ours, which says whom it brings, and straight from the address itself."""
    behind = shared_world.replicas(1, CHATD_ANONYMOUS_PER_ADDRESS="5", CHATD_HELLO_SECONDS="60")[0]
    straight = shared_world.replicas(
        1, CHATD_ANONYMOUS_PER_ADDRESS="5", CHATD_HELLO_SECONDS="60", TRUSTED_PROXIES="10.0.0.0/8"
    )[0]
    for crowded, headers in ((behind, {"X-Forwarded-For": "203.0.113.7"}), (straight, {})):
        async with trio.open_nursery() as nursery:
            for _ in range(5):
                await nursery.start(keep_silent, crowded, headers)
            refused = await answer_in_full(crowded, request(headers=headers))
            assert refused.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 5" in refused.lower()
            nursery.cancel_scope.cancel()
        with trio.fail_after(PATIENCE):
            while await answer_to_one_more(crowded, headers) == 503:  # noqa: ASYNC110 - until they are seen to be gone
                await trio.sleep(0.05)
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            await nursery.start(keep_silent, behind, {"X-Forwarded-For": "203.0.113.7"})
        async with open_raw(behind.port) as raw:
            await raw.shake_hands(X_Forwarded_For="203.0.113.8")
            await raw.say({"type": "hello", "token": mina.token()})
            await raw.hears("welcome")
        nursery.cancel_scope.cancel()


async def keep_silent(
    replica: Replica,
    headers: dict[str, str],
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Shake hands, and say no hello."""
    async with open_raw(replica.port) as raw:
        await raw.send(request(headers=headers))
        assert await raw.status() == 101
        task_status.started()
        await trio.sleep_forever()


async def answer_in_full(replica: Replica, data: bytes) -> bytes:
    async with open_raw(replica.port) as raw:
        await raw.send(data)
        answer = b""
        with trio.fail_after(PATIENCE):
            while part := await raw.stream.receive_some(4096):
                answer += part
        return answer


async def answer_to_one_more(replica: Replica, headers: dict[str, str]) -> int | None:
    async with open_raw(replica.port) as raw:
        await raw.send(request(headers=headers))
        return await raw.status()
