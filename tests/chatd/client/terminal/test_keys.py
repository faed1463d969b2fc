"""Bytes become keys, however they are cut up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.client.terminal.keys import Key, KeyReader


def keys_of(*chunks: bytes) -> list[Key | str]:
    reader = KeyReader()
    return [key for chunk in chunks for key in reader.feed(chunk)]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\r", Key.ENTER),
        (b"\x7f", Key.BACKSPACE),
        (b"\x1b[A", Key.UP),
        (b"\x1bOA", Key.UP),
        (b"\x1b[5~", Key.PAGE_UP),
        (b"\x1b[1;5C", Key.WORD_RIGHT),
        (b"\x1b\x7f", Key.CUT_WORD),
        (b"\x1bb", Key.WORD_LEFT),
        (b"\x03", Key.INTERRUPT),
        (b"\x04", Key.END_OF_INPUT),
    ],
)
def test_a_key(data: bytes, key: Key) -> None:
    assert keys_of(data) == [key]


def test_hangul_arrives_whole_though_its_bytes_do_not() -> None:
    data = "한글".encode()
    assert "".join(map(str, keys_of(data[:1], data[1:4], data[4:]))) == "한글"


def test_text_and_keys_mix() -> None:
    assert keys_of(b"ab\x1b[Dc\r") == ["ab", Key.LEFT, "c", Key.ENTER]


def test_a_paste_is_text_with_its_line_ends() -> None:
    assert keys_of(b"\x1b[200~one\rtwo\x1b[Athree\x1b[20", b"1~\r") == ["one\ntwo\x1b[Athree", Key.ENTER]


def test_unknown_sequences_and_controls_are_nothing() -> None:
    assert keys_of(b"\x1b[99;5u\x00\x1b[?1;2ca") == ["a"]


@given(
    st.lists(st.sampled_from([b"a", "한".encode(), b"\x1b[A", b"\x1b[5~", b"\r", b"\x1b[200~x\ry\x1b[201~"])),
    st.data(),
)
def test_the_cuts_do_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]

    def joined(keys: list[Key | str]) -> list[Key | str]:
        out: list[Key | str] = []
        for key in keys:
            if isinstance(key, str) and out and isinstance(out[-1], str):
                out[-1] += key
            else:
                out.append(key)
        return out

    assert joined(keys_of(*chunks)) == joined(keys_of(whole))
