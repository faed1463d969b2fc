"""What the mentors of the demo teach, and who registered: with points that the admin granted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from common.units import DAYS, to_ms
from control.classes import making, reading, registering, reviewing
from control.classes.views import ListedClass, MakeClass, Register, WriteReview
from control.demo.people import Ids, offered
from control.people import profiles
from control.points import charging
from control.points.views import Grant
from control.rooms.views import PageQuery
from control.services import Services

_GRANTS: Final = UUID("0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8b")  # their ids are made of it
_POINTS: Final = 1000
_LEARNERS: Final = ("haneul", "bada", "noeul", "iseul", "maple")


class _Course(NamedTuple):
    mentor: str
    days: int  # from the first start of the demo to that of the class
    title: str
    description: str
    curriculum: tuple[str, ...]
    questions: tuple[str, ...]
    price: int
    capacity: int
    categories: tuple[str, ...]
    registered: dict[str, str]  # what each answered
    waiting: dict[str, str]


_COURSES: Final = (
    _Course(
        mentor="namu",
        days=14,
        title="파이썬 동시성, 처음부터",
        description="태스크는 왜 부모를 가져야 할까요? 작은 채팅 서버를 함께 만들며 답을 찾습니다.",
        curriculum=("1주: 기다린다는 것", "2주: nursery와 취소", "3주: 채팅 서버", "4주: 무너뜨려 보기"),
        questions=("파이썬을 얼마나 써 보셨나요?",),
        price=300,
        capacity=10,
        categories=("development",),
        registered={"haneul": "일 년쯤요. 동시성은 처음이에요.", "iseul": "시험 준비로 조금요."},
        waiting={},
    ),
    _Course(
        mentor="river",
        days=7,
        title="English at the dinner table",
        description="Two people and me, one dinner, no textbook. 저녁을 먹으며 영어로 이야기해요.",
        curriculum=("What is on the table", "What we ate as children", "Ordering for a stranger"),
        questions=(),
        price=0,
        capacity=2,
        categories=("language", "cooking"),
        registered={"bada": "", "maple": ""},
        waiting={"iseul": ""},
    ),
)
# One that has been, as if it had been made a month ago.
_HELD: Final = _Course(
    mentor="namu",
    days=10,
    title="트랜잭션, 손으로 그려 보기",
    description="두 사람이 같은 통장에서 동시에 돈을 찾으면 어떻게 될까요? 그림으로 따라가 봅니다.",
    curriculum=("1주: 한 번에 하나씩", "2주: 격리 수준", "3주: 잠금과 교착"),
    questions=(),
    price=0,
    capacity=8,
    categories=("development", "career"),
    registered={"haneul": "", "iseul": "", "noeul": ""},
    waiting={},
)
_AGO: Final = to_ms(30 * DAYS)
_REVIEWS: Final = {
    "haneul": (5, "그림으로 배우니 오래 남아요. 회사에서 바로 써먹었습니다."),
    "iseul": (4.5, "어려웠지만 질문에 끝까지 답해 주셨어요."),
    "noeul": (4, "3주가 짧았습니다. 다음 이야기도 열어 주세요!"),
}


async def open_classes(services: Services, people: Ids) -> None:
    """They are open, and registered for until they begin."""
    for name in _LEARNERS:
        grant = Grant(
            client_id=str(uuid5(_GRANTS, people[name])),
            person=people[name],
            points=_POINTS,
            note="마당에 오신 것을 환영합니다",
        )
        await charging.grant(services, people["gureum"], grant)
    for course in _COURSES:
        if (made := await _class(services, people[course.mentor], course)) is not None:
            await _register(services, people, course, made)
    await _hold(services, people)


async def _hold(services: Services, people: Ids) -> None:
    """A class that has been, and what they say of it."""
    then = replace(services, clock=lambda: services.clock() - _AGO)
    if (made := await _class(then, people[_HELD.mentor], _HELD)) is not None:
        await _register(then, people, _HELD, made)
        for name, (stars, text) in _REVIEWS.items():
            await reviewing.review(services, people[name], made.id, WriteReview(stars=stars, text=text))


async def _class(services: Services, mentor: str, course: _Course) -> ListedClass | None:
    """The class, open; None where there is none to register for: it began, or its mentor is none any more."""
    theirs = (await reading.of_mentor(services, mentor, mentor, PageQuery())).classes
    made = next((each for each in theirs if each.title == course.title), None)
    categories = offered(services, course.categories)
    if made is None and categories and (await profiles.profile(services, mentor, mentor)).mentor is not None:
        made = await making.make(
            services,
            mentor,
            MakeClass(
                title=course.title,
                description=course.description,
                curriculum=list(course.curriculum),
                questions=list(course.questions),
                price=course.price,
                capacity=course.capacity,
                starts_at=services.clock() + to_ms(course.days * DAYS),
                categories=categories,
            ),
        )
    if made is None or made.state == "closed" or made.unlisted or made.starts_at <= services.clock():
        return None
    return await making.open_class(services, mentor, made.id)


async def _register(services: Services, people: Ids, course: _Course, made: ListedClass) -> None:
    """Once: who gave a place up since does not get it back."""
    if made.registered + made.waiting:
        return
    for name, answer in (course.registered | course.waiting).items():
        wanted = Register(answers=[answer] if course.questions else [], wait=name in course.waiting)
        await registering.register(services, people[name], made.id, wanted)
