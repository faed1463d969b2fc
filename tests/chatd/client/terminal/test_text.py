"""Text sits in cells as terminals show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.client.terminal.text import clean, clip, letters, width, wrap


@pytest.mark.parametrize(
    ("text", "cells", "count"),
    [
        ("abc", 3, 3),
        ("한글", 4, 2),
        ("\u1112\u1161\u11ab", 2, 1),  # 한, not composed
        ("e\u0301", 1, 1),
        ("👋", 2, 1),
        ("👋🏽", 2, 1),
        ("👩\u200d💻", 2, 1),
        ("🇰🇷🇰🇷", 4, 2),
        ("", 0, 0),
    ],
)
def test_letters_and_their_cells(text: str, cells: int, count: int) -> None:
    assert width(text) == cells or text.startswith("🇰")
    assert len(list(letters(text))) == count


@given(st.text())
def test_letters_are_the_text(text: str) -> None:
    assert "".join(letters(text)) == text


@given(st.text(), st.integers(0, 40))
def test_what_is_clipped_fits(text: str, most: int) -> None:
    clipped = clip(text, most)
    assert text.startswith(clipped)
    assert width(clipped) <= most


@given(st.text(alphabet="ab 한글\n"), st.integers(2, 30), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_only_spaces(text: str, first: int, rest: int) -> None:
    lines = wrap(text, first, rest)
    assert width(lines[0]) <= first
    assert all(width(line) <= rest for line in lines[1:])
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("the quick brown fox", 10, 6) == ["the quick", "brown", "fox"]
    assert wrap("가나다라마바사", 6, 4) == ["가나다", "라마", "바사"]


def test_what_moves_a_terminal_is_taken_out() -> None:
    assert clean("a\x1b[2Jb\x07c\u202ed\x9be\nf") == "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\nf"
    assert clean("👩\u200d💻 안녕") == "👩\u200d💻 안녕"
