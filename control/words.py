"""What people write in a field, in the one form that we keep and compare."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import UNSET, Struct

from common.errors import MadangError
from control import faults

Fields = dict[str, Any]  # of a body, by name
Rules = Mapping[str, Callable[[Any], Any]]  # what becomes of each; it may refuse with a MadangError
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode's general categories
_JOINERS: Final = frozenset("\u200c\u200d")  # unseen, but they join emoji to families and letters to words


def fields_of(wanted: Struct) -> Fields:
    """What `wanted` says, by name; not what it is silent about."""
    said = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    return {name: value for name, value in said.items() if value is not UNSET}


def tidied(asked: Mapping[str, Any], rules: Rules) -> Fields:
    """`asked` with each field as its rule, where there is one, leaves it.

    Raises one error that names every field a rule refused: with the code they all have, or `invalid`.
    """
    kept, refusals = dict(asked), []
    for name, rule in rules.items():
        if name in asked:
            try:
                kept[name] = rule(asked[name])
            except MadangError as refusal:
                refusals.append(refusal)
    if refusals:
        raise _together(refusals)
    return kept


def _together(refusals: list[MadangError]) -> MadangError:
    """All of them as one; where their codes are not told, what a field says without its code has to be a sentence."""
    codes = {refusal.code for refusal in refusals}
    alone = len(codes) == 1
    fields = {
        where: what if alone or faults.is_sentence(what) else refusal.kind.en
        for refusal in refusals
        for where, what in refusal.fields.items()
    }
    return MadangError(codes.pop() if alone else "invalid", fields=fields)


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


def lines(field: str, texts: Iterable[str]) -> list[str]:
    """Lines, in their order. Raises `invalid`."""
    return [line(field, each) for each in texts]


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
