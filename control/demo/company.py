"""Who in the demo looks for company: posts that some have joined, one of them without names."""

from __future__ import annotations

from typing import Final, NamedTuple

from common.protocol import MatchCategory
from common.units import DAYS, to_ms
from control.demo.people import Ids
from control.matching.posts import commenting, joining, reading, writing
from control.matching.posts.views import ListedPost, WritePost, WritePostComment
from control.rooms.views import PageQuery
from control.services import Services


class _Call(NamedTuple):
    author: str
    category: MatchCategory
    title: str
    text: str
    anonymous: bool
    capacity: int
    days: int  # from the first start of the demo until they meet
    places: tuple[str, ...]
    topics: tuple[str, ...]
    joined: str
    comments: tuple[tuple[str, str], ...]


_CALLS: Final = (
    _Call(
        author="bada",
        category="meal",
        title="토요일에 순대국밥 같이 먹어요",
        text="시장 안쪽 그 집이요. 줄이 길어서 11시 반에 만나면 좋겠어요.",
        anonymous=False,
        capacity=4,
        days=5,
        places=("downtown",),
        topics=("eating-out",),
        joined="noeul",
        comments=(("noeul", "달리고 바로 갈게요!"), ("bada", "좋아요, 자리 맡아 둘게요.")),
    ),
    _Call(
        author="iseul",
        category="study",
        title="시험 전까지 새벽 공부하실 분",
        text="말없이 각자 공부하고, 끝날 때 인사만 해요.",
        anonymous=True,
        capacity=6,
        days=6,
        places=("library", "study-cafe"),
        topics=("exam", "own-work"),
        joined="haneul maple",
        comments=(("maple", "Is it all right if I study Korean?"), ("iseul", "그럼요!")),
    ),
)


async def look(services: Services, people: Ids) -> None:
    """Each is posted and joined, once: who left since does not come back."""
    for call in _CALLS:
        author = people[call.author]
        mine = (await reading.mine(services, author, PageQuery())).posts
        post = next((each for each in mine if each.title == call.title), None)
        post = post or await _write(services, author, call)
        if post.state != "open" or post.meets_at <= services.clock():
            continue
        if post.people == 1 and not post.comments:
            for name in call.joined.split():
                await joining.join(services, people[name], post.id)
        if not post.comments:
            for name, text in call.comments:
                await commenting.comment(services, people[name], post.id, WritePostComment(text))


async def _write(services: Services, author: str, call: _Call) -> ListedPost:
    known = services.conditions.all()
    offered = {each.key for of in (known.places, known.ways, known.kinds) for each in of if not each.retired}
    topics = [key for key in call.topics if key in offered]
    wanted = WritePost(
        category=call.category,
        title=call.title,
        text=call.text,
        anonymous=call.anonymous,
        capacity=call.capacity,
        meets_at=services.clock() + to_ms(call.days * DAYS),
        places=[key for key in call.places if key in offered],
        ways=topics if call.category == "meal" else [],
        kinds=topics if call.category == "study" else [],
    )
    return await writing.write(services, author, wanted)
