"""What the admin of the demo has to say to everybody."""

from __future__ import annotations

from typing import Final

from control.demo.people import Ids
from control.notices import notices
from control.notices.views import English, Korean, NoticesQuery, Publish
from control.services import Services

_WELCOME: Final = Publish(
    ko=Korean(
        "마당에 오신 것을 환영합니다",
        "이곳은 시연용 마당입니다. 여기 있는 사람들의 비밀번호는 누구나 알고 있으니 비밀은 적지 마세요.",
    ),
    en=English(
        "Welcome to the yard",
        "This yard is for trying things out. Everybody knows the passwords of the people here: leave no secrets.",
    ),
    pinned=True,
)


async def publish(services: Services, people: Ids) -> None:
    """It is published."""
    published = await notices.listed(services, NoticesQuery())
    if all(notice.ko.title != _WELCOME.ko.title for notice in published.notices):
        await notices.publish(services, people["gureum"], _WELCOME)
