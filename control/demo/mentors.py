"""The mentors of the demo: they applied, an admin approved them, and some people follow them."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from control.demo.people import Ids, offered
from control.mentors import applying, following
from control.mentors.views import Apply, OnlineHours
from control.rooms.views import PageQuery
from control.services import Services

_WEEKDAYS: Final = range(1, 6)
_APPLICATIONS: Final = {
    "namu": Apply(
        company="마당 연구소",
        department="데이터베이스 팀",
        introduction="십 년째 파이썬과 데이터베이스를 만지고 있습니다. 동시성이 어렵게 느껴지는 분들과 천천히 풀어 가고 싶어요.",
        hours=[OnlineHours(day=day, begins="20:00", ends="22:00") for day in _WEEKDAYS],
        categories=["development", "career"],
    ),
    "river": Apply(
        company="River School",
        introduction="I teach English to people who are shy of it. We begin with what you ate today.",
        hours=[OnlineHours(day=6, begins="10:00", ends="12:00")],
        categories=["language", "travel"],
    ),
}
_FOLLOWERS: Final = {"namu": "haneul iseul", "river": "bada iseul maple"}


async def appoint(services: Services, people: Ids) -> None:
    """They are mentors, and followed."""
    for name, wanted in _APPLICATIONS.items():
        if await _is_mentor(services, people[name], wanted, admin=people["gureum"]):
            for follower in _FOLLOWERS[name].split():
                await following.follow(services, people[follower], people[name])


async def _is_mentor(services: Services, person: str, wanted: Apply, *, admin: str) -> bool:
    """Apply if they have not, and approve it if nobody has decided; whether they are a mentor then. They are none when an
    admin retired all that they could be a mentor of, or rejected them."""
    made = (await applying.mine(services, person, PageQuery())).applications
    if not made:
        categories = offered(services, wanted.categories)
        if not categories:
            return False
        made = [await applying.apply(services, person, replace(wanted, categories=categories))]
    if made[0].state == "pending":
        await applying.approve(services, admin, made[0].id)
    return made[0].state != "rejected"
