"""The people at control's door are those of the rooms' tests, with pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.control.bots.conftest import owners
from tests.control.mentors.conftest import AddPaper, mentors, paper
from tests.control.rooms.conftest import Guest, guests, news
from tests.control.uploads.conftest import store

__all__ = ["Picture", "guests", "mentors", "news", "owners", "paper", "store"]

Picture = Callable[..., Awaitable[str]]


@pytest.fixture
def picture(paper: AddPaper) -> Picture:
    """`await picture(mina)`: an upload of hers, as far as the database knows; `purpose` and `confirmed` as said."""

    async def picture(owner: Guest, purpose: str = "avatar", *, confirmed: bool = True) -> str:
        return await paper(owner, purpose, confirmed=confirmed)

    return picture
