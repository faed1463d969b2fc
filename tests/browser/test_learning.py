"""What there is to learn, as those who look for it and those who give it meet it."""

from __future__ import annotations

from tests.browser.visitor import Visitor, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

_SEARCH = "document.querySelector('[role=combobox]')"


async def chooses_a_category(visitor: Visitor) -> None:
    await visitor.finds(".chip input")
    await visitor.page.run("document.querySelector('.chip input').click()")


async def test_a_mentor_gives_a_class_and_who_follows_hears_of_it_and_registers(
    chromium: Chromium, yard: Yard
) -> None:
    haneul = await enter(chromium, yard, "하늘", "/mentors")
    await haneul.presses("나무")
    await haneul.sees("만날 수 있는 시간")
    if await haneul.page.run("!document.body.innerText.includes('팔로우 취소')"):
        await haneul.presses("팔로우")
    await haneul.sees("팔로우 취소")

    namu = await enter(chromium, yard, "나무", "/classes")
    await namu.presses("클래스 열기")
    await namu.types("이름", "별자리를 읽는 밤")
    await namu.types("차례", "첫째 밤: 북두칠성\n둘째 밤: 은하수")
    await namu.types("신청하는 사람에게 물을 것", "별을 본 적이 있나요?")
    await namu.presses("만들기")
    await namu.finds("form .fault")  # of what, it does not say
    await chooses_a_category(namu)
    await namu.presses("만들기")
    await namu.sees("준비 중")
    await namu.presses("신청받기")
    await haneul.hears("나무님이 클래스를 열었어요: 별자리를 읽는 밤")

    await haneul.goes("/classes")
    await haneul.presses("별자리를 읽는 밤")
    await haneul.presses("신청하기")
    await haneul.types("별을 본 적이 있나요?", "어젯밤에요")
    await haneul.page.run("document.querySelector('.dialog form').requestSubmit()")
    await haneul.sees("신청했어요. 클래스 방에서 만나요.")
    await namu.goes("/classes")
    await namu.presses("별자리를 읽는 밤")
    await namu.sees("어젯밤에요")

    await haneul.presses("신청 취소")
    await haneul.is_sure()
    await haneul.sees("신청하기")
    await namu.presses("취소하기")
    await namu.is_sure()
    await namu.sees("취소됨")
    assert await haneul.complaints() + await namu.complaints() == []


async def test_an_answer_is_heard_of_chosen_and_paid_for(chromium: Chromium, yard: Yard) -> None:
    haneul = await enter(chromium, yard, "하늘", "/questions/new")
    await haneul.types("제목", "감나무는 언제 옮겨 심나요?")
    await haneul.types("무엇이 궁금한가요?", "마당에 한 그루 있어요.")
    await haneul.types("태그", "#나무, 마당")
    await haneul.presses("질문하기")
    await haneul.sees("아직 답변이 없어요")

    river = await enter(chromium, yard, "River", "/questions?order=unanswered")
    await river.presses("감나무는 언제 옮겨 심나요?")
    await river.types("답변 쓰기", "잎이 진 뒤, 땅이 얼기 전에요.")
    await river.is_offline(True)
    await river.presses("남기기")
    await river.sees("서버에 닿을 수 없어요")
    await river.is_offline(False)
    await river.presses("남기기")  # what was written stands there still
    await haneul.hears("River님이 답변했어요: 감나무는 언제 옮겨 심나요?")
    await haneul.sees("잎이 진 뒤, 땅이 얼기 전에요.")

    await haneul.page.run("[...document.querySelectorAll('.card .said-acts button')].at(-1).click()")
    await haneul.types("댓글", "고마워요!")
    await haneul.page.run("document.querySelector('.comments form').requestSubmit()")
    await river.hears("하늘님이 댓글을 남겼어요")
    await haneul.presses("좋아요 0")
    await haneul.sees("좋아요 1")
    await haneul.presses("채택하기")
    await haneul.is_sure()
    await haneul.sees("채택된 답변")
    await river.hears("내 답변이 채택되었어요")
    await river.goes("/points")
    await river.presses("감나무는 언제 옮겨 심나요?")
    await river.sees("채택된 답변")
    assert await haneul.complaints() + await river.complaints() == []


async def test_one_box_finds_it_by_a_part_of_a_hangul_word_and_by_keyboard_alone(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter(chromium, yard, "바다", "/classes")
    await visitor.types("배움 찾기", "파이")
    await visitor.finds("[role=option]")
    await visitor.hits("Enter")
    await visitor.is_at("/search")
    await visitor.sees("파이썬 동시성, 처음부터")
    await visitor.sees("트리오에서 작업을 취소하려면")
    await visitor.types("배움 찾기", "동시")
    await visitor.page.until("document.querySelector('[role=option]')?.textContent.includes('동시성')")
    await visitor.hits("ArrowDown")
    await visitor.page.until(f"{_SEARCH}.getAttribute('aria-activedescendant') !== null")
    await visitor.hits("Enter")
    await visitor.sees("무엇을 배우나요?")
    assert await visitor.complaints() == []


async def test_who_would_be_a_mentor_sends_a_certificate_and_may_think_otherwise(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter(chromium, yard, "바다", "/mentors/apply")
    await visitor.types("소속", "바닷가 책방")
    await visitor.types("소개", "책을 고르는 법을 나누고 싶어요.")
    await visitor.presses("시간 더하기")
    await chooses_a_category(visitor)
    await visitor.picks_a_picture("증명서.png")
    await visitor.sees("증명서.png")
    await visitor.presses("신청하기")
    await visitor.sees("살펴보는 중")
    await visitor.presses("신청 거두기")
    await visitor.is_sure()
    await visitor.finds("form input[name=company]")
    assert await visitor.complaints() == []


async def test_who_is_approved_hears_of_it_and_is_a_mentor_from_then_on(
    chromium: Chromium, yard: Yard
) -> None:
    wanted = {"company": "새벽 서재", "introduction": "일찍 일어나는 법을 나눠요.", "categories": ["exam"]}
    with logged_in(yard, "Maple") as http:
        sent = http.post("/api/v1/me/mentor-applications", json=wanted).json()
    maple = await enter(chromium, yard, "Maple", "/mentors/apply")
    await maple.sees("살펴보는 중")
    with logged_in(yard, "구름") as http:
        http.post(f"/api/v1/admin/mentor-applications/{sent['id']}/approve").raise_for_status()
    await maple.hears("이제 멘토예요")
    await maple.presses("내 멘토 페이지")
    await maple.presses("소개 고치기")
    await maple.types("소개", "네 시에 일어나는 법을 나눠요.")
    await maple.presses("저장")
    await maple.sees("네 시에 일어나는 법을 나눠요.")
    assert await maple.complaints() == []
