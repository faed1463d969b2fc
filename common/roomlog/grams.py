"""Text as grams, and the places of grams as bytes: what the search index is made of. Pure.

A **gram** is what stands at one place of a word: two characters, or three where it begins with an ASCII one, because
letters say less than syllables do; fewer at the word's end. Every character of a word begins exactly one gram, so a word
that is searched for is found inside other words, wherever it stands there: 국밥 in 돼지국밥집, and 밥 too, as the beginning of
the grams that 밥 begins.

Text is compared case-folded and composed (Unicode NFC), word by word: Hangul that was typed as single letters (as some
systems name their files) is the same as Hangul of syllables.

A **needle** is what the index is asked: a gram, or the beginning of some. Grams are dealt into buckets by all but their
last character, so that the beginning of a gram is enough to know where it lies.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from zlib import crc32

MOST_NEEDLES: Final = 8  # in one search: more would hardly narrow it, and each costs a look at every segment
_ASCII_END: Final = "\x80"


def fold(text: str) -> str:
    """`text` in the form in which texts are compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def words_of(text: str) -> list[str]:
    """The different words of `text`, folded."""
    return list(dict.fromkeys(fold(text).split()))


def grams_of(text: str) -> set[str]:
    """All grams of `text`."""
    return {
        word[place : place + (3 if word[place] < _ASCII_END else 2)]
        for word in fold(text).split()
        for place in range(len(word))
    }


def bucket_of(gram: str, buckets: int) -> int:
    """The bucket, of so many, in which a gram lies, or all grams that begin with `gram`."""
    return crc32(gram[: _whole(gram) - 1].encode("utf-8", "surrogatepass")) % buckets


def _whole(gram: str) -> int:
    """How long a gram is that begins as this one does."""
    return 3 if gram[0] < _ASCII_END else 2


# --- what the index is asked ------------------------------------------------------------------------------------------


class Needle(NamedTuple):
    """A gram, or all grams that begin with `text` when it is not `whole`."""

    text: str
    whole: bool


def needles_of(words: Sequence[str]) -> list[Needle]:
    """What every text has that has all of `words` inside its own; empty when nothing narrows it, as a single letter."""
    share = max(1, MOST_NEEDLES // max(1, len(words)))
    needles = [needle for word in words for needle in _spread(list(_needles_in(word)), share)]
    return list(dict.fromkeys(needles))[:MOST_NEEDLES]


def _needles_in(word: str) -> Iterator[Needle]:
    """Whole grams side by side, and the last one; the beginning of a gram only when there is no whole one."""
    whole = [place for place in range(len(word)) if place + _whole(word[place:]) <= len(word)]
    if not whole:
        begun = [word[place:] for place in range(len(word)) if len(word[place:]) >= _whole(word[place:]) - 1]
        yield from (Needle(text, whole=False) for text in begun[:1])
        return
    due = 0
    for place in whole:
        if place >= due or place == whole[-1]:
            gram = word[place : place + _whole(word[place:])]
            due = place + len(gram)
            yield Needle(gram, whole=True)


def _spread(needles: list[Needle], most: int) -> list[Needle]:
    """At most so many of them, from all over the word."""
    if len(needles) <= most:
        return needles
    return [needles[index * len(needles) // most] for index in range(most)]


# --- places as bytes --------------------------------------------------------------------------------------------------


class Shelf(NamedTuple):
    """The grams of one bucket of one segment, and for each the places of the texts that have it.

    `grams` is the grams in order, each between two blanks. `places` holds for each a length and that many bytes: the
    differences between ascending places, seven bits a byte; or, when that is no longer, a bit for each place there is.
    """

    grams: str
    places: bytes


class Shelves:
    """Shelves being filled with texts, in the order of their places: whole numbers from 0 to below `span`."""

    def __init__(self, span: int, buckets: int) -> None:
        self._span = span
        self._buckets = buckets
        self._places: dict[str, tuple[int, bytearray]] = {}  # by gram: the last place, and all as differences

    def add(self, place: int, text: str) -> None:
        """Put a text at a place, which must lie after the one before."""
        places = self._places
        for gram in grams_of(text):
            found = places.get(gram)
            if found is None:
                last, differences = -1, bytearray()
            else:
                last, differences = found
            _append(differences, place - last - 1)
            places[gram] = place, differences

    def filled(self) -> list[Shelf]:
        """All shelves, one a bucket, the empty ones too."""
        by_bucket: list[list[str]] = [[] for _ in range(self._buckets)]
        for gram in self._places:
            by_bucket[bucket_of(gram, self._buckets)].append(gram)
        return [self._shelf(sorted(grams)) for grams in by_bucket]

    def _shelf(self, grams: list[str]) -> Shelf:
        return _shelf_of([(gram, _packed(self._places[gram][1], self._span)) for gram in grams])


def without(shelf: Shelf, gone: Mapping[str, Collection[int]], span: int) -> Shelf:
    """The shelf as if these grams had never stood in these places."""
    grams = shelf.grams.split()
    left = []
    for gram, packed in zip(grams, _slices(shelf.places, 0, len(grams)), strict=True):
        if gram not in gone:
            left.append((gram, packed))
        elif places := [place for place in _unpacked(packed, span) if place not in gone[gram]]:
            left.append((gram, _packed(_differences(places), span)))
    return _shelf_of(left)


def _shelf_of(packs: Sequence[tuple[str, bytes]]) -> Shelf:
    """The shelf of these grams, in order, and their packed places."""
    places = bytearray()
    for _, packed in packs:
        _append(places, len(packed))
        places += packed
    return Shelf(f" {' '.join(gram for gram, _ in packs)} ", bytes(places))


def _packed(differences: bytearray, span: int) -> bytes:
    if len(differences) < span // 8:
        return bytes(differences)
    bits = bytearray(span // 8)
    for place in _places_in(differences):
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _unpacked(packed: bytes, span: int) -> Iterator[int]:
    return _bits_in(packed) if len(packed) == span // 8 else _places_in(packed)


def _differences(places: Iterable[int]) -> bytearray:
    differences, last = bytearray(), -1
    for place in places:
        _append(differences, place - last - 1)
        last = place
    return differences


def places_of(needles: Iterable[tuple[Needle, Shelf]], span: int) -> list[int]:
    """The places of the texts that have all `needles`, each sought on its shelf; ascending."""
    packs = []
    for needle, shelf in needles:
        found = _found(needle, shelf)
        if not found:
            return []
        packs.append(found)
    packs.sort(key=lambda found: sum(map(len, found)))
    places: list[int] | None = None
    for found in packs:
        places = _within(found, span, places)
        if not places:
            return []
    return places or []


def _found(needle: Needle, shelf: Shelf) -> list[bytes]:
    """The packed places of each gram that the needle means."""
    sought = f" {needle.text} " if needle.whole else f" {needle.text}"
    at = shelf.grams.find(sought)
    if at < 0:
        return []
    many = 1 if needle.whole else shelf.grams.count(sought)
    skipped = shelf.grams.count(" ", 0, at)
    return _slices(shelf.places, skipped, many)


def _slices(places: bytes, skipped: int, many: int) -> list[bytes]:
    found = []
    at = 0
    for index in range(skipped + many):
        length, at = _number(places, at)
        if index >= skipped:
            found.append(places[at : at + length])
        at += length
    return found


def _within(packed: list[bytes], span: int, among: list[int] | None) -> list[int]:
    """Those of the places `among` (of all, for None) that are in one of the packed lists."""
    whole = span // 8
    if among is not None and all(len(each) == whole for each in packed):
        return [place for place in among if any(each[place >> 3] >> (place & 7) & 1 for each in packed)]
    places: set[int] = set()
    for each in packed:
        places.update(_unpacked(each, span))
    return sorted(places) if among is None else [place for place in among if place in places]


def _bits_in(bits: bytes) -> Iterator[int]:
    for index, byte in enumerate(bits):
        for bit in range(8) if byte else ():
            if byte >> bit & 1:
                yield index << 3 | bit


def _places_in(differences: bytes | bytearray) -> Iterator[int]:
    place, number, shift = -1, 0, 0
    for byte in differences:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            place += number + 1
            yield place
            number = shift = 0


def _append(to: bytearray, number: int) -> None:
    while number > 0x7F:
        to.append(number & 0x7F | 0x80)
        number >>= 7
    to.append(number)


def _number(within: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where the next thing begins."""
    number = shift = 0
    while within[at] & 0x80:
        number |= (within[at] & 0x7F) << shift
        shift += 7
        at += 1
    return number | within[at] << shift, at + 1
