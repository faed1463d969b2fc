"""Admins decide, in the page, what is theirs to decide; nobody else is led there."""

from __future__ import annotations

from tests.browser.screens import ADMIN
from tests.browser.visitor import enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

_APPLICATION = {
    "company": "마당 국밥",
    "department": "부엌",
    "introduction": "서른 해 동안 국을 끓였습니다.",
    "hours": [{"day": 1, "begins": "19:00", "ends": "21:00"}],
    "categories": ["cooking"],
}
_CARD = (
    "[...document.querySelectorAll('.admin-cards li')].find((it) => it.innerText.includes('서른 해 동안'))"
)
_NOTICE = {
    "ko-title": "김장하는 날",
    "ko-text": "토요일에 마당에서 함께 담가요.",
    "en-title": "Kimchi day",
    "en-text": "We make it together in the yard on Saturday.",
}


async def test_an_admin_turns_a_mentor_away_suspends_somebody_for_a_while_and_tells_everybody_something(
    chromium: Chromium, yard: Yard
) -> None:
    with logged_in(yard, "이슬") as iseul:
        assert iseul.post("/api/v1/me/mentor-applications", json=_APPLICATION).is_success
        person = iseul.get("/api/v1/me").json()["id"]
    admin = await enter(chromium, yard, ADMIN)
    await admin.looks(theme="light", width=1280, height=800)
    await admin.presses("운영")
    await admin.presses("멘토 신청")
    await admin.sees("서른 해 동안")
    await admin.page.run(f"{_CARD}.querySelector('.button-danger').click()")
    await admin.types("사유", "증명서를 붙여 주세요")
    await admin.page.run("document.querySelector('dialog .button-danger').click()")
    await admin.page.until(f"!{_CARD}")

    await admin.goes(f"/admin/people/{person}")
    await admin.presses("이용 멈추기")
    await admin.types("사유", "광고를 되풀이해서 올림")
    await admin.page.run("document.querySelector('dialog .button-danger').click()")
    await admin.sees("광고를 되풀이해서 올림")
    await admin.presses("다시 이용하게 하기")
    await admin.presses("이용 멈추기")  # is there again
    await admin.presses("닫기")
    await admin.goes("/admin/notices")
    await admin.presses("공지 올리기")
    for name, text in _NOTICE.items():
        await admin.fills(f"[name={name}]", text)
    await admin.page.run("document.querySelector('dialog .button-primary').click()")
    await admin.page.until("!document.querySelector('dialog')")
    await admin.goes("/")
    await admin.sees(_NOTICE["ko-title"])
    with logged_in(yard, ADMIN) as http:
        listed = http.get("/api/v1/classes").json()["classes"][0]["id"]
    await admin.goes(f"/classes/{listed}")
    await admin.presses("목록에서 내리기")
    await admin.types("사유", "소개를 다시 써야 함")
    await admin.is_sure()
    await admin.sees("목록에서 내려감")
    await admin.presses("목록에 다시 올리기")
    await admin.presses("목록에서 내리기")  # is there again
    await admin.presses("닫기")
    await admin.goes("/admin/audit")
    await admin.sees("공지를 올림")
    await admin.sees("수업을 목록에 다시 올림")
    await admin.sees("다시 이용하게 함")
    await admin.sees("멘토 신청을 돌려보냄")
    assert await admin.complaints() == []


async def test_whose_work_it_is_not_is_told_so(chromium: Chromium, yard: Yard) -> None:
    visitor = await enter(chromium, yard, "바다", "/admin/people")
    await visitor.sees("볼 수 없는 곳이에요")
    assert not await visitor.page.run("!!document.querySelector('.frame-nav a[href^=\"/admin\"]')")
