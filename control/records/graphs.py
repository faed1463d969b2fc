"""Records as pictures: SVG that follows light and dark, and says in words what it shows.

One shape for each period: bars by category for a day or a week, columns by day for a month, a calendar for a year. It
decides how numbers look and knows neither people nor stores. What people named (a category) is text, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal
from xml.etree import ElementTree

from common.errors import Language
from control.commons.views import Category
from control.records.days import Period
from control.records.views import DayRecord, Record

Theme = Literal["auto", "light", "dark"]

_WIDTH: Final = 640
_LIGHT: Final = "--ink:#1f2328;--soft:#6b7280;--line:#e5e7eb;--bar:#0f766e;--none:#eef0f2"
_DARK: Final = "--ink:#e6e8eb;--soft:#9aa3ad;--line:#2f353d;--bar:#2dd4bf;--none:#242a31"
_STYLE: Final = (
    "text{font:13px system-ui,'Noto Sans KR',sans-serif;fill:var(--ink)}"
    ".soft{fill:var(--soft);font-size:11px}.end{text-anchor:end}.mid{text-anchor:middle}"
    ".head{font-size:16px;font-weight:600}.bar{fill:var(--bar)}.none{fill:var(--none)}"
    "line{stroke:var(--line)}"
)
_OTHER: Final = {"en": "Other", "ko": "기타"}
_HEADS: Final[dict[Period, dict[Language, str]]] = {
    "day": {"en": "On {first}", "ko": "{first}"},
    "week": {"en": "{first} to {last}", "ko": "{first} ~ {last}"},
    "month": {"en": "{first:%B %Y}", "ko": "{first:%Y}년 {first.month}월"},
    "year": {"en": "{first:%Y}", "ko": "{first:%Y}년"},
}
_SUM: Final = {"en": "{time} in all", "ko": "모두 {time}"}
_NOTHING: Final = {"en": "Nothing yet", "ko": "아직 기록이 없습니다"}
_WEEKDAYS: Final = {"en": ("Mon", "Wed", "Fri"), "ko": ("월", "수", "금")}
_STEPS: Final = (1, 30, 60, 120, 240)  # minutes from which a day of the calendar is darker


def graph(
    record: Record, period: Period, *, names: Iterable[Category], language: Language, theme: Theme = "auto"
) -> str:
    """The picture of `record`: an SVG document."""
    if period == "month":
        return _Picture(record, period, language, theme).columns(record.days)
    if period == "year":
        return _Picture(record, period, language, theme).calendar(record.days)
    called = {each.key: each.ko if language == "ko" else each.en for each in names}
    bars = [
        (
            _OTHER[language] if each.category is None else called.get(each.category, each.category),
            each.minutes,
        )
        for each in record.categories
    ]
    return _Picture(record, period, language, theme).bars(bars)


def duration(minutes: int, language: Language) -> str:
    """As people say it: `1 h 35 min`, `1시간 35분`."""
    hours, rest = divmod(minutes, 60)
    hour, minute, space = ("시간", "분", "") if language == "ko" else ("h", "min", " ")
    parts = ([f"{hours}{space}{hour}"] if hours else []) + (
        [f"{rest}{space}{minute}"] if rest or not hours else []
    )
    return " ".join(parts)


class _Picture:
    """One SVG document in the making."""

    def __init__(self, record: Record, period: Period, language: Language, theme: Theme) -> None:
        self._language = language
        self._head = _HEADS[period][language].format(first=record.first, last=record.last)
        self._sum = _SUM[language].format(time=duration(record.minutes, language))
        self._svg = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "img",
                "aria-labelledby": "title words",
                "lang": language,
            },
        )
        self._title = self._add("title", id="title")
        self._title.text = f"{self._head}: {self._sum}"
        self._words = self._add("desc", id="words")
        self._add("style").text = _colours(theme) + _STYLE
        self._text(0, 20, self._head, "head")
        self._text(_WIDTH, 20, self._sum, "end")

    def bars(self, bars: Sequence[tuple[str, int]]) -> str:
        """A bar for each name, the longest first."""
        most = max((minutes for _, minutes in bars), default=1)
        for n, (name, minutes) in enumerate(bars):
            y = 44 + 30 * n
            self._text(0, y + 14, name)
            self._bar(170, y, max(2, 370 * minutes / most), 18)
            self._text(_WIDTH, y + 14, duration(minutes, self._language), "end")
        return self._finish(44 + 30 * max(1, len(bars)), bars)

    def columns(self, days: Sequence[DayRecord]) -> str:
        """A column for each day, on a scale of whole hours."""
        hours = max(1, -(-max(day.minutes for day in days) // 60))
        floor, height, left = 220, 170, 44
        width = (_WIDTH - left) / len(days)
        for mark in dict.fromkeys((0, hours // 2, hours)):
            y = floor - height * mark / hours
            self._add("line", x1=left, x2=_WIDTH, y1=y, y2=y)
            self._text(left - 8, y + 4, duration(60 * mark, self._language), "soft end")
        for n, day in enumerate(days):
            tall = height * day.minutes / (60 * hours)
            if day.minutes:
                self._bar(left + width * n + 2, floor - tall, width - 4, tall)
            if day.date.day == 1 or day.date.day % 5 == 0:
                self._text(left + width * (n + 0.5), floor + 18, str(day.date.day), "soft mid")
        return self._finish(floor + 26, _with_dates(days))

    def calendar(self, days: Sequence[DayRecord]) -> str:
        """A square for each day, a column for each week, Monday on top."""
        step, left, top = 11, 34, 56
        shift = days[0].date.weekday()
        for row, name in zip((0, 2, 4), _WEEKDAYS[self._language], strict=True):
            self._text(left - 6, top + step * row + 9, name, "soft end")
        for n, day in enumerate(days):
            week, weekday = divmod(n + shift, 7)
            x, y = left + step * week, top + step * weekday
            shade = sum(day.minutes >= least for least in _STEPS)
            self._bar(x, y, step - 2, step - 2, opacity=shade / len(_STEPS) if shade else None)
            if day.date.day == 1:
                self._text(x, top - 8, _month(day.date, self._language), "soft")
        return self._finish(top + 7 * step + 8, _with_dates(days))

    def _finish(self, height: float, shown: Iterable[tuple[str, int]]) -> str:
        said = [f"{name} {duration(minutes, self._language)}" for name, minutes in shown if minutes]
        self._words.text = ", ".join(said) or _NOTHING[self._language]
        if not said:
            self._text(_WIDTH / 2, height / 2 + 22, _NOTHING[self._language], "soft mid")
        self._svg.set("viewBox", f"0 0 {_WIDTH} {_number(height)}")
        return ElementTree.tostring(self._svg, encoding="unicode")

    def _bar(self, x: float, y: float, width: float, height: float, opacity: float | None = 1) -> None:
        bar = self._add("rect", x=x, y=y, width=width, height=height, rx=2)
        bar.set("class", "none" if opacity is None else "bar")
        if opacity is not None and opacity < 1:
            bar.set("opacity", _number(opacity))

    def _text(self, x: float, y: float, text: str, kind: str = "") -> None:
        element = self._add("text", x=x, y=y)
        element.text = text
        if kind:
            element.set("class", kind)

    def _add(self, tag: str, **attributes: float | str) -> ElementTree.Element:
        texts = {
            name: value if isinstance(value, str) else _number(value) for name, value in attributes.items()
        }
        return ElementTree.SubElement(self._svg, tag, texts)


def _with_dates(days: Iterable[DayRecord]) -> list[tuple[str, int]]:
    return [(day.date.isoformat(), day.minutes) for day in days]


def _month(day: date, language: Language) -> str:
    return f"{day.month}월" if language == "ko" else f"{day:%b}"


def _colours(theme: Theme) -> str:
    if theme == "light":
        return f"svg{{{_LIGHT}}}"
    if theme == "dark":
        return f"svg{{{_DARK}}}"
    return f"svg{{{_LIGHT}}}@media(prefers-color-scheme:dark){{svg{{{_DARK}}}}}"


def _number(value: float) -> str:
    """Short enough to read, exact enough to draw."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
