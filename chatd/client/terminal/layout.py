"""A screen as rows of styled text: the transcript's end, the status, the line. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final, Literal

from chatd.client.saying import Saying
from chatd.client.terminal.text import clean, clip, width, wrap
from chatd.client.terminal.transcript import Entry, Mark
from chatd.client.terminal.words import say, say_day
from common.errors import Language
from common.system_words import said

Style = Literal[
    "plain", "dim", "bold", "good", "bad", "status", "name0", "name1", "name2", "name3", "name4", "name5"
]
Row = tuple[tuple[Style, str], ...]
NAMES: Final = 6  # colours of names
_INDENT: Final = 6  # the time and a space
_MARKS: Final[dict[Mark, Style]] = {Mark.UNSENT: "dim", Mark.STORED: "dim", Mark.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class Look:
    """How entries become rows."""

    columns: int
    language: Language
    name_of: Callable[[str], str]
    zone: tzinfo | None = None  # None: the machine's own
    sayings: Mapping[int, Saying] = field(default_factory=dict)  # what may be quoted, by seq
    numbers: bool = False


def rows_from_the_end(entries: list[Entry], look: Look) -> Iterator[Row]:
    """The rows of `entries` from the last one up, with a line above the first entry of each day."""
    for index in range(len(entries) - 1, -1, -1):
        entry = entries[index]
        yield from reversed(rows_of(entry, look))
        if index == 0 or _day(entries[index - 1], look) != _day(entry, look):
            yield _day_row(_day(entry, look), look)


def visible(entries: list[Entry], look: Look, height: int, scroll: int) -> tuple[list[Row], int]:
    """`height` rows, `scroll` rows above the end; and the scroll that was possible."""
    found: list[Row] = []
    for row in rows_from_the_end(entries, look):
        found.append(row)
        if len(found) >= height + scroll:
            break
    possible = max(0, min(scroll, len(found) - height))
    window = found[possible : possible + height][::-1]
    return [()] * (height - len(window)) + window, possible


def rows_of(entry: Entry, look: Look) -> list[Row]:
    """One entry's rows."""
    time = f"{_moment(entry.at, look):%H:%M} "
    if entry.word:
        return _note_rows(time, entry, look)
    name = clip(clean(entry.name or _name(entry.who or "", look)), look.columns // 2)
    number = f"#{entry.seq} " if look.numbers and entry.seq else ""
    number = number if width(number) < look.columns // 4 else ""
    lead: Row = (("dim", time + number), (_name_style(entry.who or ""), name), ("plain", " "))
    used = _INDENT + width(number) + width(name) + 1
    text, style = _words(entry, look)
    lines = wrap(clean(text), look.columns - used, look.columns - _INDENT)
    rows: list[Row] = [*_quote(entry, look), (*lead, (style, lines[0]))]
    rows += [((style, " " * _INDENT + line),) for line in lines[1:]]
    return [*_marked(rows, entry, look), *_become(entry, look)]


def _name(user: str, look: Look) -> str:
    """What a person is called; the room, when nobody said it."""
    return look.name_of(user) if user else say(look.language, "the room")


def _words(entry: Entry, look: Look) -> tuple[str, Style]:
    """What a message says by now."""
    saying = entry.saying
    if saying is None:
        return entry.text, "plain"
    if saying.deleted:
        return say(look.language, "deleted"), "dim"
    if saying.system is not None:
        return said(saying.system, saying.text, look.language), "plain"
    files = [f"[{attachment.name}]" for attachment in saying.attachments]
    return " ".join([*([saying.text] if saying.text else ()), *files]), "plain"


def _quote(entry: Entry, look: Look) -> list[Row]:
    """The row above an answer: what it answers, as that is by now."""
    if entry.reply_to is None:
        return []
    quoted = look.sayings.get(entry.reply_to)
    if quoted is None:
        text = say(look.language, "earlier", number=entry.reply_to)
    else:
        words = say(look.language, "deleted") if quoted.deleted else quoted.text
        text = say(look.language, "quote", name=_name(quoted.sender, look), text=words)
    return [(("dim", clip(" " * _INDENT + "↳ " + clean(text).replace("\n", " "), look.columns)),)]


def _become(entry: Entry, look: Look) -> list[Row]:
    """The row below a message: what has become of it."""
    saying = entry.saying
    if saying is None:
        return []
    parts = [f"{emoji} {count}" for emoji, count in saying.reactions().items()]
    if saying.pinned:
        parts.insert(0, "📌")
    if saying.edited:
        parts.insert(0, say(look.language, "edited"))
    if saying.replies:
        parts.append(say(look.language, "replies", count=saying.replies))
    if not parts:
        return []
    lines = wrap(clean("  ".join(parts)), look.columns - _INDENT, look.columns - _INDENT)
    return [(("dim", " " * _INDENT + line),) for line in lines]


def _marked(rows: list[Row], entry: Entry, look: Look) -> list[Row]:
    """The rows of a message with the mark of how far it has come."""
    if entry.mark is Mark.NONE:
        return rows
    mark = f" {entry.mark.value}"
    if entry.why:
        mark += " " + say(look.language, "not sent", why=clean(entry.why))
    styled: Row = ((_MARKS[entry.mark], mark),)
    if row_width(rows[-1]) + width(mark) <= look.columns:
        rows[-1] = rows[-1] + styled
    else:
        rows.append((("dim", " " * (_INDENT - 1)), *styled))
    return rows


def _note_rows(time: str, entry: Entry, look: Look) -> list[Row]:
    if entry.word == "text":
        lines = wrap(clean(entry.text), look.columns, look.columns)
        return [(("plain", line),) for line in lines]
    name = entry.name or look.name_of(entry.who or "")
    sentence = say(
        look.language, entry.word, name=clean(name), why=clean(entry.text), title=clean(entry.text)
    )
    lines = wrap(sentence, look.columns - _INDENT, look.columns - _INDENT)
    return [(("dim", (" " * _INDENT if index else time) + line),) for index, line in enumerate(lines)]


def status_row(left: str, right: str, columns: int) -> Row:
    """The line between transcript and input: `right` is kept whole, `left` as far as it fits."""
    right = clip(right, columns)
    left = clip(clean(left), max(0, columns - width(right) - 1))
    return (("status", left + " " * (columns - width(left) - width(right)) + right),)


def row_width(row: Row) -> int:
    """The cells of a row."""
    return sum(width(text) for _, text in row)


def _day_row(day: date, look: Look) -> Row:
    text = f" {say_day(look.language, day)} "
    sides = max(0, look.columns - width(text)) // 2
    return (("dim", clip("─" * sides + text + "─" * sides, look.columns)),)


def _moment(at: int, look: Look) -> datetime:
    return datetime.fromtimestamp(at / 1000, look.zone).astimezone(look.zone)


def _day(entry: Entry, look: Look) -> date:
    return _moment(entry.at, look).date()


def _name_style(user: str) -> Style:
    styles: tuple[Style, ...] = ("name0", "name1", "name2", "name3", "name4", "name5")
    return styles[zlib.crc32(user.encode()) % NAMES]
