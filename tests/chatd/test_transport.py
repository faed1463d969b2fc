"""Bytes over a real TCP connection: in one order, whole or not at all, and never more of them waiting than allowed."""

from __future__ import annotations

import socket
import struct
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked

from chatd.transport import OUTBOX_BYTES, OUTBOX_FRAMES, SOCKET_BUFFER, Transport
from common.units import KIB, MIB
from tests.support.rawsocket import PATIENCE

KERNEL = 4 * SOCKET_BUFFER + 512 * KIB  # what both kernels may hold between the two, generously


class Wire:
    """A transport and the peer at the other end of it, which reads only when told to."""

    def __init__(self, nursery: trio.Nursery, ours: socket.socket, peer: socket.socket) -> None:
        self.overflows = 0
        self.ends = 0
        self._nursery = nursery
        self.peer = trio.socket.from_stdlib_socket(peer)
        self.transport = Transport(ours, on_overflow=self._on_overflow, on_end=self._on_end)
        self.transport.use(nursery)

    @property
    def tasks(self) -> int:
        """How many tasks the transport has."""
        return len(self._nursery.child_tasks)

    def _on_overflow(self) -> None:
        self.overflows += 1

    def _on_end(self) -> None:
        self.ends += 1

    async def reads(self, count: int) -> bytes:
        """The next `count` bytes that the peer reads."""
        found = bytearray()
        with trio.fail_after(PATIENCE):
            while len(found) < count:
                found += await self.peer.recv(min(count - len(found), 64 * KIB))
        return bytes(found)

    async def reads_to_the_end(self) -> bytes:
        found = bytearray()
        with trio.fail_after(PATIENCE):
            while data := await self.peer.recv(64 * KIB):
                found += data
        return bytes(found)

    def fill(self, size: int = 16 * KIB) -> int:
        """Send until something waits in the outbox; how many bytes were sent."""
        sent = 0
        while not self.transport._outbox:
            assert self.transport.send_nowait(b"." * size)
            sent += size
        return sent

    def break_off(self) -> None:
        """Reset the connection from the peer's side."""
        self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.peer.close()


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    async with trio.open_nursery() as nursery:
        made = Wire(nursery, ours, peer)
        try:
            yield made
        finally:
            made.transport.close()
            made.peer.close()
            nursery.cancel_scope.cancel()


# --- out: order and wholeness -----------------------------------------------------------------------------------------


async def test_what_the_kernel_takes_at_once_needs_no_task() -> None:
    async with wire() as w:
        assert w.transport.send_nowait(b"one")
        await w.transport.send_all(b"two")
        assert w.transport.send_nowait(b"three")
        assert w.tasks == 0
        assert await w.reads(11) == b"onetwothree"


async def test_what_the_kernel_does_not_take_arrives_whole_and_in_order() -> None:
    async with wire() as w:
        blobs = [bytes([number]) * 100 * KIB for number in range(14)]
        assert all(w.transport.send_nowait(blob) for blob in blobs)
        await wait_all_tasks_blocked()
        assert w.tasks == 1
        assert await w.reads(len(blobs) * 100 * KIB) == b"".join(blobs)
        await w.transport.flushed()
        await wait_all_tasks_blocked()
        assert w.tasks == 0  # it exists only while there is something to send


async def test_both_doors_lead_to_one_order() -> None:
    async with wire() as w:
        sent = b"." * w.fill()
        async with trio.open_nursery() as nursery:
            for number in range(20):
                data = bytes([65 + number]) * 1000
                sent += data
                if number % 2:
                    assert w.transport.send_nowait(data)
                else:
                    nursery.start_soon(w.transport.send_all, data)
                    await wait_all_tasks_blocked()
            assert await w.reads(len(sent)) == sent


_ops = st.tuples(st.sampled_from(["now", "all", "read", "pause"]), st.integers(1, 200 * KIB))


@settings(max_examples=40, deadline=None)
@given(st.lists(_ops, max_size=40))
async def test_whatever_the_pace_every_byte_that_was_taken_arrives_in_its_place(
    ops: list[tuple[str, int]],
) -> None:
    async with wire() as w, trio.open_nursery() as nursery:
        sent, read = bytearray(), bytearray()

        async def send(data: bytes) -> None:
            try:
                await w.transport.send_all(data)
            except trio.BrokenResourceError:
                assert w.overflows

        for number, (op, size) in enumerate(ops):
            data = bytes([number + 1]) * size
            # Its task has its turn before or after the writer's, which may be about to make room.
            if op == "all":
                await wait_all_tasks_blocked()
            fits = w.transport._outbox_bytes + size <= OUTBOX_BYTES
            taken = not w.overflows and (fits or not w.transport._outbox)
            if op == "now":
                assert w.transport.send_nowait(data) is taken
            elif op == "all":
                nursery.start_soon(send, data)
                await wait_all_tasks_blocked()
            elif op == "read" and len(sent) > len(read):
                read += await w.reads(min(size, len(sent) - len(read)))
            else:
                await wait_all_tasks_blocked()
            if op in {"now", "all"} and taken:
                sent += data
            assert w.transport._outbox_bytes == sum(map(len, w.transport._outbox)) <= OUTBOX_BYTES
            assert len(w.transport._outbox) <= OUTBOX_FRAMES
        read += await w.reads(len(sent) - len(read))
        assert read == sent
        w.transport.close()


async def test_a_cancelled_send_is_sent_all_the_same_and_cuts_nobodys_frame() -> None:
    async with wire() as w:
        filled = w.fill()
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(w.transport.send_all, b"a frame" * 1000)
                await wait_all_tasks_blocked()
                scope.cancel()
        assert w.transport.send_nowait(b"the next frame")
        assert (await w.reads(filled + 7000 + 14))[filled:] == b"a frame" * 1000 + b"the next frame"


async def test_what_waits_is_sent_on_in_the_next_nursery(nursery: trio.Nursery) -> None:
    async with wire() as w:
        async with trio.open_nursery() as first:
            w.transport.use(first)
            filled = w.fill()
            await wait_all_tasks_blocked()
            first.cancel_scope.cancel()
        w.transport.use(nursery)
        assert w.transport.send_nowait(b"the end")
        assert (await w.reads(filled + 7))[filled:] == b"the end"


async def test_a_send_that_was_cancelled_before_it_began_sends_nothing() -> None:
    async with wire() as w:
        with trio.CancelScope() as scope:
            scope.cancel()
            await w.transport.send_all(b"nothing")
        assert w.transport.send_nowait(b"something")
        assert await w.reads(9) == b"something"


async def test_flushed_is_when_the_kernel_has_it_all() -> None:
    async with wire() as w:
        await w.transport.flushed()
        filled = w.fill()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(w.transport.flushed)
            await wait_all_tasks_blocked()
            assert nursery.child_tasks
            await w.reads(filled)


# --- out: too slow ----------------------------------------------------------------------------------------------------


async def test_who_does_not_read_holds_back_no_more_than_the_outbox_and_the_kernel() -> None:
    async with wire() as w:
        taken = sum(w.transport.send_nowait(b"x" * KIB) for _ in range(100 * KIB)) * KIB  # 100 MiB
        assert w.overflows == 1
        w.transport.close()
        assert len(await w.reads_to_the_end()) <= taken <= OUTBOX_BYTES + KERNEL


async def test_many_tiny_frames_are_bounded_by_their_number() -> None:
    async with wire() as w:
        w.fill()
        waiting = sum(w.transport.send_nowait(b"x") for _ in range(1000))
        assert waiting < OUTBOX_FRAMES
        assert w.overflows == 1


async def test_what_does_not_fit_is_not_begun_and_after_it_nothing_is_taken() -> None:
    async with wire() as w:
        filled = w.fill()
        assert not w.transport.send_nowait(b"!" * OUTBOX_BYTES)
        assert not w.transport.send_nowait(b"after a gap")
        with pytest.raises(trio.BrokenResourceError):
            await w.transport.send_all(b"after a gap")
        assert w.overflows == 1
        assert await w.reads(filled) == b"." * filled
        await w.transport.flushed()
        assert not w.transport.send_nowait(b"after a gap")


async def test_who_reads_may_be_sent_more_at_once_than_the_outbox_holds() -> None:
    """A thousand events of one batch, or a long page, are no proof that the peer is slow."""
    async with wire() as w:
        much = b"!" * (3 * OUTBOX_BYTES)
        assert w.transport.send_nowait(much)
        assert await w.reads(len(much)) == much
        assert w.overflows == 0


async def test_who_does_not_read_it_is_sent_nothing_more() -> None:
    async with wire() as w:
        assert w.transport.send_nowait(b"!" * (3 * OUTBOX_BYTES))
        assert not w.transport.send_nowait(b"!")
        assert w.overflows == 1


async def test_the_last_word_waits_for_what_leaves_it_room() -> None:
    async with wire() as w:
        sent = b"." * w.fill() + b"more"
        assert w.transport.send_nowait(b"more")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(w.transport.send_last, b"goodbye")
            assert await w.reads(len(sent) + 7) == sent + b"goodbye"


async def test_the_last_word_comes_whole_after_whatever_the_peer_has_begun_to_read() -> None:
    async with wire() as w:
        much = b"!" * (3 * OUTBOX_BYTES)
        assert w.transport.send_nowait(much)
        assert not w.transport.send_nowait(b"a word too many")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(w.transport.send_last, b"goodbye")
            assert await w.reads(len(much) + 7) == much + b"goodbye"


@pytest.mark.parametrize("overflowed", [False, True], ids=["full", "overflowed"])
async def test_the_last_word_comes_next_and_whole_where_what_waits_leaves_no_room(overflowed: bool) -> None:
    async with wire() as w:
        while w.transport._has_room_for(b"." * 10_000):
            assert w.transport.send_nowait(b"<" + b"." * 9998 + b">")
        if overflowed:
            assert not w.transport.send_nowait(b"<" + b"." * 9998 + b">")
        else:
            while w.transport._has_room_for(b"goodbye"):
                assert w.transport.send_nowait(b".")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(w.transport.send_last, b"goodbye")
            await wait_all_tasks_blocked()
            assert w.transport._outbox_bytes == sum(map(len, w.transport._outbox)) <= 10_007
            read = b""
            while not read.endswith(b"goodbye"):
                read += await w.peer.recv(64 * KIB)
        frames, rest = divmod(len(read) - 7, 10_000)
        assert rest == 0
        assert read == (b"<" + b"." * 9998 + b">") * frames + b"goodbye"
        assert frames * 10_000 <= KERNEL


# --- in ---------------------------------------------------------------------------------------------------------------


async def test_what_the_peer_sends_is_received_and_counted() -> None:
    async with wire() as w:
        async with trio.open_nursery() as nursery:

            @nursery.start_soon
            async def receive() -> None:
                assert await w.transport.receive_some() == b"hello"

            await wait_all_tasks_blocked()
            await w.peer.send(b"hello")
        assert w.transport.received == 5
        assert w.ends == 0


async def test_cancelling_a_receive_loses_nothing() -> None:
    async with wire() as w:
        for _ in range(3):
            with trio.CancelScope() as scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(w.transport.receive_some)
                    await wait_all_tasks_blocked()
                    scope.cancel()
        await w.peer.send(b"hello")
        with trio.CancelScope() as scope:
            scope.cancel()
            await w.transport.receive_some()
        assert await w.transport.receive_some() == b"hello"


async def test_a_peer_that_closes_is_an_end_and_may_still_be_spoken_to() -> None:
    async with wire() as w:
        w.peer.shutdown(socket.SHUT_WR)
        assert await w.transport.receive_some() == b""
        assert w.ends == 1
        assert w.transport.send_nowait(b"goodbye")
        assert await w.reads(7) == b"goodbye"


async def test_a_peer_that_breaks_off_is_the_end_for_whoever_receives() -> None:
    async with wire() as w:
        w.break_off()
        with pytest.raises(trio.BrokenResourceError):
            await w.transport.receive_some()
        assert w.ends == 1
        assert not w.transport.send_nowait(b"too late")


async def test_a_peer_that_breaks_off_is_the_end_for_whoever_sends() -> None:
    async with wire() as w:
        w.fill()
        async with trio.open_nursery() as nursery:

            @nursery.start_soon
            async def send() -> None:
                with pytest.raises(trio.BrokenResourceError):
                    await w.transport.send_all(b"into the void")

            await wait_all_tasks_blocked()
            w.break_off()
        assert w.ends >= 1
        assert not w.transport.send_nowait(b"too late")
        await w.transport.flushed()


async def test_sending_at_once_to_a_peer_that_broke_off_is_an_answer_and_no_error() -> None:
    async with wire() as w:
        w.break_off()
        await trio.lowlevel.wait_readable(w.transport._socket)  # the reset is here
        while w.transport.send_nowait(b"x"):
            pass
        assert w.ends >= 1


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_closing_wakes_everybody_who_waits() -> None:
    async with wire() as w:
        w.fill()
        with trio.fail_after(PATIENCE):
            async with trio.open_nursery() as nursery:

                @nursery.start_soon
                async def receive() -> None:
                    with pytest.raises(trio.ClosedResourceError):
                        await w.transport.receive_some()

                @nursery.start_soon
                async def send() -> None:
                    with pytest.raises(trio.BrokenResourceError):
                        await w.transport.send_all(b"never")

                nursery.start_soon(w.transport.flushed)
                await wait_all_tasks_blocked()
                w.transport.close()
        await wait_all_tasks_blocked()
        assert w.tasks == 0
        assert w.ends >= 1


async def test_a_closed_transport_says_so() -> None:
    async with wire() as w:
        w.transport.close()
        w.transport.close()
        assert not w.transport.send_nowait(b"x")
        for attempt in (
            w.transport.receive_some(),
            w.transport.send_all(b"x"),
            w.transport.wait_send_all_might_not_block(),
        ):
            with pytest.raises(trio.ClosedResourceError):
                await attempt
        with pytest.raises(trio.BrokenResourceError):
            await w.transport.send_eof()


async def test_when_the_library_closes_it_the_socket_stays_open_for_a_goodbye() -> None:
    async with wire() as w:
        await w.transport.aclose()
        assert w.ends == 1
        await w.transport.send_all(b"goodbye")
        assert await w.reads(7) == b"goodbye"


async def test_the_end_comes_after_what_was_sent_before() -> None:
    async with wire() as w:
        filled = w.fill()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(w.transport.send_eof)
            assert await w.reads_to_the_end() == b"." * filled
        await w.peer.send(b"bye")
        assert await w.transport.receive_some() == b"bye"


async def test_closing_lets_go_of_what_waited() -> None:
    class Blob(bytearray):
        """Bytes whose end can be seen."""

    async with wire() as w:
        w.fill()
        blob = Blob(b"x" * KIB)
        assert w.transport.send_nowait(blob)  # type: ignore[arg-type]
        alive = weakref.ref(blob)
        del blob
        assert alive() is not None
        w.transport.close()
        assert alive() is None


def test_the_outbox_is_what_the_design_says() -> None:
    assert (OUTBOX_BYTES, OUTBOX_FRAMES) == (1 * MIB, 256)
