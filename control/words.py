"""What people write in a field, in the one form that we keep and compare."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from common.errors import MadangError
from control import faults

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode's general categories
_JOINERS: Final = frozenset("\u200c\u200d")  # unseen, but they join emoji to families and letters to words


def line(field: str, text: str) -> str:
    """One visible line: NFC, single blanks, no control characters, not empty. Raises `invalid` for `field`."""
    kept = " ".join(unicodedata.normalize("NFC", text).split())
    _refuse_unseen(field, kept)
    if not kept:
        raise MadangError("invalid", fields={field: "Expected `str` of length >= 1"})
    return kept


def sought(field: str, text: str) -> str:
    """What a list is searched for: a line, a word of which has two characters. Raises `invalid`."""
    kept = line(field, text)
    if all(len(word) < 2 for word in kept.split()):
        raise MadangError("invalid", fields={field: faults.WORD_OF_TWO})
    return kept


def tag(field: str, text: str) -> str:
    """A line, without the # that people put before a tag. Raises `invalid`."""
    kept = line(field, text).lstrip("# ")
    if not kept:
        raise MadangError("invalid", fields={field: "Expected `str` of length >= 1"})
    return kept


def tags(field: str, texts: Iterable[str]) -> list[str]:
    """Tags, each once, in capitals or not, as it was first written. Raises `invalid`."""
    kept: dict[str, str] = {}
    for each in texts:
        tidied = tag(field, each)
        kept.setdefault(tidied.casefold(), tidied)
    return list(kept.values())


def paragraphs(field: str, text: str) -> str:
    """Lines of text, perhaps none: NFC, no blanks around, no control characters but line feeds. Raises `invalid`."""
    kept = "\n".join(row.rstrip() for row in unicodedata.normalize("NFC", text).strip().splitlines())
    _refuse_unseen(field, kept.replace("\n", ""))
    return kept


def prose(field: str, text: str) -> str:
    """As `paragraphs`, but not empty. Raises `invalid`."""
    kept = paragraphs(field, text)
    if not kept:
        raise MadangError("invalid", fields={field: "Expected `str` of length >= 1"})
    return kept


def _refuse_unseen(field: str, text: str) -> None:
    if any(unicodedata.category(each) in _UNSEEN and each not in _JOINERS for each in text):
        raise MadangError("invalid", fields={field: faults.NOT_PRINTABLE})
