"""The line is edited by letters, not by bytes or cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatd.client.terminal.keys import Key
from chatd.client.terminal.line import Line
from chatd.client.terminal.text import width


def line_of(*typed: Key | str) -> Line:
    line = Line()
    for each in typed:
        if isinstance(each, str):
            line.insert(each)
        else:
            assert line.press(each)
    return line


def test_backspace_takes_a_letter() -> None:
    assert line_of("한글", Key.BACKSPACE).text == "한"
    assert line_of("a👩\u200d💻", Key.BACKSPACE).text == "a"
    assert line_of("e\u0301", Key.BACKSPACE).text == ""


def test_typing_in_the_middle() -> None:
    assert line_of("ac", Key.LEFT, "b", Key.END, "d", Key.HOME, "_").text == "_abcd"
    assert line_of("abc", Key.LEFT, Key.LEFT, Key.DELETE).text == "ac"


def test_cutting_and_pasting() -> None:
    assert line_of("one two three", Key.CUT_WORD, Key.CUT_WORD, Key.HOME, Key.PASTE).text == "two one "
    assert line_of("one two", Key.WORD_LEFT, Key.CUT_TO_END, Key.PASTE, Key.PASTE).text == "one twotwo"
    assert line_of("one two", Key.WORD_LEFT, Key.CUT_TO_START).text == "two"
    assert line_of("one two", Key.HOME, Key.WORD_RIGHT, "!").text == "one! two"


def test_history_keeps_the_draft() -> None:
    line = Line()
    for text in ("one", "two", "two", "  "):
        line.set(text)
        line.finish()
    line.set("draft")
    seen = []
    for key in (Key.UP, Key.UP, Key.UP, Key.DOWN, Key.DOWN, Key.DOWN):
        line.press(key)
        seen.append(line.text)
    assert seen == ["two", "one", "one", "two", "draft", "draft"]


def test_secrets_are_neither_shown_nor_remembered() -> None:
    line = line_of("비밀")
    assert line.shown(10, secret=True) == ("••", 2)
    line.finish(remember=False)
    line.press(Key.UP)
    assert line.text == ""


def test_what_is_typed_decomposed_is_sent_composed() -> None:
    assert line_of("\u1112", "\u1161", "\u11ab").text == "한"


@given(
    st.lists(
        st.sampled_from(
            [
                *"a 한",
                "👩\u200d💻",
                "\n",
                *(key for key in Key if key in (Key.LEFT, Key.RIGHT, Key.HOME, Key.BACKSPACE, Key.CUT_WORD)),
            ]
        )
    ),
    st.integers(4, 20),
)
def test_the_cursor_is_always_in_sight(typed: list[Key | str], cells: int) -> None:
    shown, column = line_of(*typed).shown(cells)
    assert 0 <= column < cells
    assert width(shown) <= cells
