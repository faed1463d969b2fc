"""Bytes of any kind on a real socket: a clean end with a code, or an answer; and nobody else notices."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import trio
from hypothesis import given
from hypothesis import strategies as st

from common.disconnect import BY_CODE
from tests.chatd.hostile.conftest import greet
from tests.chatd.hostile.test_fuzz_commands import unhurt
from tests.support.fuzz import amount
from tests.support.rawsocket import PATIENCE, End, frame, open_raw, request
from tests.support.world import Person, Replica

_OURS = {*BY_CODE, 1000, 1002, 1007, 1009}

_payloads = (
    st.binary(max_size=200)
    | st.sampled_from(
        [
            b"",
            b"\x03\xe8",
            b"\x03\xe8bye",
            b"\x00\x00",
            b"\xff\xff",
            b"{}",
            b'{"type":"ping","id":"1"}',
            b"[" * 9000,
        ]
    )
    | st.builds(bytes, st.integers(120, 70_000))
)


@st.composite
def _frames(draw: st.DrawFn) -> bytes:
    """A frame in which each part may be wrong."""
    payload = draw(_payloads)
    return frame(
        payload,
        draw(st.sampled_from([0, 1, 1, 1, 2, 8, 9, 9, 10]) | st.integers(0, 15)),
        fin=draw(st.sampled_from([True, True, False])),
        mask=draw(st.sampled_from([b"\x01\x02\x03\x04", b"\0\0\0\0", b"\xff\xff\xff\xff", None])),
        reserved=draw(st.sampled_from([0, 0, 0, 0, 1, 2, 4, 7])),
        length=draw(
            st.none() | st.none() | st.sampled_from([0, 125, 126, 65535, 65536, 2**32, 2**63 - 1, 2**63])
        ),
    )


_bytes = st.lists(_frames() | st.binary(max_size=64), min_size=1, max_size=6).map(b"".join)


class _Pieces(list[bytes]):
    """Pieces of bytes, that say in a line each what they are when a test fails on them."""

    def __repr__(self) -> str:
        return f"_Pieces([{', '.join(repr(piece)[:600] for piece in self)}])"


@st.composite
def _pieces(draw: st.DrawFn) -> _Pieces:
    """Bytes cut at any places, as a network would."""
    data = draw(_bytes)
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=4)))
    return _Pieces(data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True))


async def _send_all(replica: Replica, person: Person | None, pieces: Sequence[bytes]) -> End:
    """Say `pieces` after hello, or in its place, and then no more; how the server ended it."""
    async with open_raw(replica.port) as raw:
        with trio.fail_after(PATIENCE):
            if person is None:
                await raw.shake_hands()
            else:
                await greet(raw, person)
            for piece in pieces:
                await raw.send(piece)
            with suppress(trio.BrokenResourceError):  # it may have ended this already
                await raw.stream.send_eof()
            end = await raw.ends(answer=False)
            await raw.cut_off()
            return end


def _fuzz(replica: Replica, person: Person | None, observer: Person) -> None:
    said_before = len(replica.log.read_bytes())

    async def one(pieces: list[bytes]) -> None:
        async with open_raw(replica.port) as other:
            await greet(other, observer)
            end = await _send_all(replica, person, pieces)
            assert end.code is None or end.code in _OURS, end
            await other.ok("ping")

    @amount(40)
    @given(pieces=_pieces())
    def fuzz(pieces: list[bytes]) -> None:
        trio.run(one, pieces)

    fuzz()
    unhurt(replica, said_before)


def test_any_bytes_after_hello_end_that_connection_alone(
    replica: Replica, mina: Person, good: tuple[Person, str]
) -> None:
    _fuzz(replica, mina, good[0])


def test_any_bytes_in_place_of_hello_end_that_connection_alone(
    replica: Replica, good: tuple[Person, str]
) -> None:
    _fuzz(replica, None, good[0])


def test_any_bytes_in_place_of_a_handshake_end_that_connection_alone(
    replica: Replica, good: tuple[Person, str]
) -> None:
    said_before = len(replica.log.read_bytes())
    spoilt = st.builds(
        lambda at, junk, length: request()[:at] + junk + request()[at + length :],
        st.integers(0, 180),
        st.binary(max_size=24),
        st.integers(0, 24),
    )

    async def one(data: bytes) -> None:
        async with open_raw(replica.port) as other, open_raw(replica.port) as raw:
            await greet(other, good[0])
            with trio.fail_after(PATIENCE):
                await raw.send(data)
                with suppress(trio.BrokenResourceError):
                    await raw.stream.send_eof()
                await raw.cut_off()
            await other.ok("ping")

    @amount(40)
    @given(data=spoilt | st.binary(max_size=300))
    def fuzz(data: bytes) -> None:
        trio.run(one, data)

    fuzz()
    unhurt(replica, said_before)
