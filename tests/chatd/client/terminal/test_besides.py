"""What somebody is told besides the talk, a line for each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from chatd.client.effects import AnyNews
from chatd.client.terminal.besides import line_of
from common import protocol

NOON = int(datetime(2026, 3, 14, 12, tzinfo=UTC).timestamp() * 1000)
CLOCK = f"{datetime.fromtimestamp(NOON / 1000):%H:%M}"


def applied(change: protocol.ApplicationChange) -> protocol.PersonalApplied:
    return protocol.PersonalApplied(application="a", category="meal", change=change, expires_at=NOON)


def post(
    change: protocol.PostChange, *, mark: int | None = None, name: str | None = None
) -> protocol.PersonalPost:
    return protocol.PersonalPost(
        post="p", title="국밥", change=change, mark=mark, by=name and "bada", name=name
    )


MATCH = protocol.PersonalMatch(
    match="m",
    category="meal",
    origin="random",
    title="도서관 · 배달",
    room="r",
    meets_at=NOON,
    people=[protocol.MatchPerson("me", "하늘"), protocol.MatchPerson("bada", "바다")],
    title_en="Library · Delivery",
)
NOTICE = protocol.Notice(notice="n", change="published", pinned=False, ko="점검", en="Maintenance", at=NOON)


@pytest.mark.parametrize(
    ("news", "en", "ko"),
    [
        (NOTICE, "Notice: Maintenance", "공지: 점검"),
        (
            MATCH,
            "You are matched with 바다: Library · Delivery. /rooms lists the room.",
            "바다님과 매칭되었습니다: 도서관 · 배달. /rooms 에 방이 있습니다.",
        ),
        (applied("waiting"), f"You look for company until {CLOCK}.", f"{CLOCK}까지 함께할 사람을 찾습니다."),
        (applied("cancelled"), "You look for company no more.", "함께할 사람을 더 찾지 않습니다."),
        (
            applied("expired"),
            "Nobody came who fits. You may look for company again.",
            "맞는 사람이 없었습니다. 다시 찾아 볼 수 있습니다.",
        ),
        (
            post("joined", name="바다", mark=1),
            "바다 joined “국밥”.",
            "‘국밥’ 모집글에 바다님이 참여했습니다.",
        ),
        (post("left", mark=2), "Number 2 left “국밥”.", "‘국밥’ 모집글에서 2번님이 나갔습니다."),
        (
            post("commented", mark=0),
            "The author commented on “국밥”.",
            "‘국밥’ 모집글에 글쓴이님이 댓글을 남겼습니다.",
        ),
        (post("cancelled"), "“국밥” was called off.", "‘국밥’ 모집글이 취소되었습니다."),
        (protocol.Online(count=3), None, None),
    ],
)
def test_each_is_said_in_one_line(news: AnyNews, en: str | None, ko: str | None) -> None:
    assert (line_of(news, "me", "en"), line_of(news, "me", "ko")) == (en, ko)


@pytest.mark.parametrize("change", get_args(protocol.PostChange))
def test_whatever_becomes_of_a_post_is_said(change: protocol.PostChange) -> None:
    assert "국밥" in str(line_of(post(change, mark=1), "me", "ko"))
