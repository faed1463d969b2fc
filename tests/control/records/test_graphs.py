"""Pictures are sound SVG, say in words what they show, and take nobody's name for markup."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Language
from control.commons.views import Category
from control.records.days import Period, days_of
from control.records.graphs import Theme, duration, graph
from control.records.views import CategoryRecord, DayRecord, Record
from tests.control.records.test_records import NOW, control, stay
from tests.control.rooms.conftest import Guests, refused
from tests.support.control import Control

__all__ = ["control"]
SVG = "{http://www.w3.org/2000/svg}"
NAMES = [Category(key="reading", ko="독서", en="Reading", position=1, retired=False)]
periods: st.SearchStrategy[Period] = st.sampled_from(["day", "week", "month", "year"])


def record_of(period: Period, minutes: dict[str | None, int], on: date = date(2026, 11, 21)) -> Record:
    """All of it on one day."""
    categories = [CategoryRecord(category=each, minutes=n) for each, n in minutes.items()]
    days = [day.date for day in days_of(period, on, ZoneInfo("Asia/Seoul"))]
    total = sum(minutes.values())
    return Record(
        timezone="Asia/Seoul",
        first=days[0],
        last=days[-1],
        minutes=total,
        categories=categories,
        days=[
            DayRecord(
                date=day,
                minutes=total if day == on else 0,
                categories=categories if day == on else [],
            )
            for day in days
        ],
    )


def drawn(record: Record, period: Period, language: Language = "en", theme: Theme = "auto") -> Any:
    return ElementTree.fromstring(graph(record, period, names=NAMES, language=language, theme=theme))


def texts(picture: Any) -> list[str]:
    return [element.text for element in picture.iter(f"{SVG}text")]


@given(
    period=periods,
    minutes=st.dictionaries(
        st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
        st.integers(1, 20_000),
        max_size=20,
    ),
    language=st.sampled_from(["en", "ko"]),
    on=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_whatever_is_shown_is_sound_and_within_the_picture(
    period: Period, minutes: dict[str | None, int], language: Language, on: date
) -> None:
    picture = drawn(record_of(period, minutes, on), period, language)
    _, _, width, height = map(float, picture.get("viewBox").split())
    for bar in picture.iter(f"{SVG}rect"):
        x, y, w, h = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        assert w >= 0
        assert h >= 0


def test_bars_have_the_names_of_their_categories() -> None:
    record = record_of("week", {"reading": 95, "<b>bold</b> & co": 60, None: 5})
    english = texts(drawn(record, "week"))
    assert {"Reading", "1 h 35 min", "<b>bold</b> & co", "1 h", "Other", "5 min"} <= set(english)
    korean = texts(drawn(record, "week", "ko"))
    assert {"독서", "1시간 35분", "기타", "5분", "모두 2시간 40분"} <= set(korean)


def test_a_month_has_a_column_for_each_day_with_any_time() -> None:
    picture = drawn(record_of("month", {"reading": 150}), "month")
    (column,) = picture.iter(f"{SVG}rect")
    assert float(column.get("height")) == pytest.approx(170 * 150 / 180, abs=0.01)
    assert "November 2026" in texts(picture)
    assert "3 h" in texts(picture)


@pytest.mark.parametrize(("year", "days"), [(2026, 365), (2028, 366)])
def test_a_year_has_a_square_for_each_day_in_the_row_of_its_weekday(year: int, days: int) -> None:
    picture = drawn(record_of("year", {"reading": 130}, date(year, 3, 1)), "year")
    squares = list(picture.iter(f"{SVG}rect"))
    assert len(squares) == days
    rows = sorted({float(square.get("y")) for square in squares})
    for n, square in enumerate(squares):
        weekday = (date(year, 1, 1) + timedelta(days=n)).weekday()
        assert float(square.get("y")) == rows[weekday]
    assert [square.get("class") for square in squares].count("bar") == 1


@pytest.mark.parametrize("period", ["day", "week", "month", "year"])
def test_who_does_not_see_it_hears_it(period: Period) -> None:
    shown = drawn(record_of(period, {"reading": 95}), period)
    assert shown.get("role") == "img"
    title, words = (shown.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert shown.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert "1 h 35 min" in title.text
    assert "1 h 35 min" in words.text
    empty = drawn(record_of(period, {}), period, "ko")
    assert empty.find(f"{SVG}desc").text == "아직 기록이 없습니다"
    assert "아직 기록이 없습니다" in texts(empty)


def test_it_follows_whoever_looks_at_it_unless_told() -> None:
    styles = {
        theme: drawn(record_of("day", {}), "day", theme=theme).find(f"{SVG}style").text
        for theme in ("auto", "light", "dark")
    }
    assert "prefers-color-scheme:dark" in styles["auto"]
    assert "prefers-color-scheme" not in styles["light"] + styles["dark"]
    assert styles["light"] != styles["dark"]


@pytest.mark.parametrize(
    ("minutes", "english", "korean"),
    [(0, "0 min", "0분"), (59, "59 min", "59분"), (60, "1 h", "1시간"), (1501, "25 h 1 min", "25시간 1분")],
)
def test_time_is_said_as_people_say_it(minutes: int, english: str, korean: str) -> None:
    assert (duration(minutes, "en"), duration(minutes, "ko")) == (english, korean)


async def test_the_picture_is_served_to_its_owner(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, NOW - timedelta(hours=1), 30, "reading")
    url = "/api/v1/me/records/week/graph.svg"
    answer = await mina.http.get(url, headers={"accept-language": "ko"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert {"모두 30분", "reading"} <= set(texts(ElementTree.fromstring(answer.text)))  # which nobody named
    english = await mina.http.get(url, params={"language": "en", "theme": "dark", "on": "2026-11-16"})
    assert {"30 min in all", "reading"} <= set(texts(ElementTree.fromstring(english.text)))
    refused(await mina.http.get(url, params={"theme": "sepia"}), "invalid")
