"""How text sits in a terminal's cells: Hangul is two wide, marks are none, and a letter may be several characters. Pure.

Widths follow Unicode's East Asian Width (UAX #11); letters are an approximation of grapheme clusters (UAX #29) that
covers Hangul jamo, combining marks, emoji joined or modified, and flags.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

_JOINER: Final = "\u200d"
_BREAKS: Final = "\u2028\u2029"


def clean(text: str) -> str:
    """`text` without what would move a terminal's cursor, hide text or turn its direction; line ends stay."""
    return "".join(
        each if each == "\n" or not _dangerous(each) else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _dangerous(each: str) -> bool:
    if each in _BREAKS:
        return True
    category = unicodedata.category(each)
    return category in {"Cc", "Cs"} or (category == "Cf" and unicodedata.bidirectional(each) != "BN")


def _extends(each: str) -> bool:
    """Whether a character belongs to the letter before it."""
    return (
        unicodedata.category(each) in {"Mn", "Me", "Mc"}
        or each == _JOINER
        or "\u1160" <= each <= "\u11ff"  # Hangul vowels and finals, when not composed
        or "\U0001f3fb" <= each <= "\U0001f3ff"  # skin tones
    )


def _is_flag_half(each: str) -> bool:
    return "\U0001f1e6" <= each <= "\U0001f1ff"


def letters(text: str) -> Iterator[str]:
    """`text` as a person would step through it."""
    letter = ""
    for each in text:
        joined = letter.endswith(_JOINER) or (
            len(letter) == 1 and _is_flag_half(letter) and _is_flag_half(each)
        )
        if letter and (_extends(each) or joined):
            letter += each
        else:
            if letter:
                yield letter
            letter = each
    if letter:
        yield letter


def letter_width(letter: str) -> int:
    """The cells of one letter: those of its first character."""
    first = letter[0]
    if unicodedata.category(first) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(first) in {"W", "F"} else 1


def width(text: str) -> int:
    """The cells that `text` takes."""
    return sum(letter_width(letter) for letter in letters(text))


def clip(text: str, most: int) -> str:
    """The beginning of `text` that fits in `most` cells."""
    kept, used = [], 0
    for letter in letters(text):
        used += letter_width(letter)
        if used > most:
            break
        kept.append(letter)
    return "".join(kept)


def wrap(text: str, first: int, rest: int) -> list[str]:
    """`text` in lines: of `first` cells, then of `rest`; broken at spaces where there are some, else anywhere."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        remaining = paragraph
        while True:
            room = max(2, rest if lines else first)
            line = clip(remaining, room)
            if len(line) < len(remaining) and remaining[len(line)] != " ":
                space = line.rfind(" ")
                if space > 0:
                    line = line[:space]
            lines.append(line.rstrip(" "))
            remaining = remaining[len(line) :].lstrip(" ") if len(line) < len(remaining) else ""
            if not remaining:
                break
    return lines
