"""What the people of the demo asked, what they were answered, and which answer helped."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec.structs import replace

from common.permissions import permissions_of
from control.board import answering, asking, commenting, liking, listing, reading
from control.board.views import AskQuestion, FirstPageQuery, QuestionsQuery, WriteAnswer, WriteComment
from control.demo.people import Ids, offered
from control.principal import Principal
from control.services import Services


class _Answer(NamedTuple):
    who: str
    text: str
    likes: str = ""
    is_best: bool = False


class _Thread(NamedTuple):
    who: str
    asked: AskQuestion
    answers: tuple[_Answer, ...] = ()
    comment: tuple[str, str] | None = None
    likes: str = ""


_THREADS: Final = (
    _Thread(
        "haneul",
        AskQuestion(
            title="트리오에서 작업을 취소하려면 어떻게 하나요?",
            text="오래 걸리는 요청을 5초 뒤에 그만두고 싶어요. move_on_after로 감싸면 되나요?",
            category="development",
            tags=["파이썬", "trio"],
        ),
        (
            _Answer(
                "namu",
                "네, `with trio.move_on_after(5):` 안에 두면 됩니다. 시간이 지났는지는 `scope.cancelled_caught`로 알 수 있어요. "
                "다만 취소는 다음 checkpoint에서 일어난다는 점을 기억하세요.",
                "haneul iseul river",
                is_best=True,
            ),
            _Answer("river", "And use `fail_after` when running out of time is an error.", "haneul"),
        ),
        ("iseul", "저도 궁금했어요. 고맙습니다!"),
        "iseul river",
    ),
    _Thread(
        "maple",
        AskQuestion(
            title="When do I say 은/는 and when 이/가?",
            text="My teacher says it depends. On what does it depend?",
            category="language",
            tags=["한국어", "grammar"],
        ),
        (
            _Answer(
                "bada",
                "이/가는 새로운 것을 처음 말할 때, 은/는은 이미 아는 것을 이야기할 때 써요. "
                "'고양이가 왔어요. 그 고양이는 까매요.'처럼요.",
                "maple river",
                is_best=True,
            ),
        ),
        likes="river haneul",
    ),
    _Thread(
        "iseul",
        AskQuestion(
            title="새벽에 집중이 안 될 때 어떻게 하세요?",
            text="네 시에 일어나기는 하는데 한 시간이 지나면 졸려요. 다들 어떻게 버티시나요?",
            category="exam",
            tags=["공부법"],
        ),
        (_Answer("noeul", "저는 잠깐 나가서 걷고 와요. 십 분이면 충분해요.", "iseul"),),
    ),
    _Thread(
        "noeul",
        AskQuestion(
            title="한강 근처에 짐 맡길 곳이 있을까요?",
            text="달리기 전에 가방을 맡길 만한 곳을 찾고 있어요.",
            category="exercise",
            tags=["한강", "달리기"],
        ),
    ),
)


async def fill(services: Services, people: Ids) -> None:
    """All of it is asked; of what was begun, the rest."""
    for thread in _THREADS:
        await _thread(services, people, thread)


async def _thread(services: Services, people: Ids, thread: _Thread) -> None:
    author = people[thread.who]
    asked = await listing.questions(services, author, QuestionsQuery(author=author))
    found = [question.id for question in asked.questions if question.title == thread.asked.title]
    question = found[0] if found else await _ask(services, author, thread.asked)
    page = await reading.page(services, author, question, FirstPageQuery())
    answered = {answer.author.id: answer.id for answer in filter(None, [page.best, *page.answers])}
    for said in thread.answers:
        answer = answered.get(people[said.who]) or await _answer(services, people[said.who], question, said)
        for who in said.likes.split():
            await liking.like(services, people[who], "answer", answer)
        if said.is_best and page.best is None:
            await answering.choose(services, _mentee(author), question, answer)
    if thread.comment and not page.question.comments:
        who, text = thread.comment
        await commenting.comment(services, people[who], "question", question, WriteComment(text=text))
    for who in thread.likes.split():
        await liking.like(services, people[who], "question", question)


async def _ask(services: Services, author: str, wanted: AskQuestion) -> str:
    category = next(iter(offered(services, filter(None, [wanted.category]))), None)
    return (await asking.ask(services, author, replace(wanted, category=category))).id


async def _answer(services: Services, author: str, question: str, said: _Answer) -> str:
    return (await answering.answer(services, author, question, WriteAnswer(text=said.text))).id


def _mentee(user: str) -> Principal:
    """As somebody who is asking over HTTP."""
    return Principal(
        user=user,
        session="",
        roles=("mentee",),
        permissions=frozenset(permissions_of(["mentee"])),
        by_cookie=False,
    )
