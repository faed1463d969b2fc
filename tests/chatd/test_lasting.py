"""The way into the log: who may is looked at last of all, and what was done is done."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import trio

from chatd.commands import messages
from chatd.commands.lasting import last
from chatd.membership import Membership
from common import protocol
from common.errors import MadangError
from common.roomlog.bus import Place
from common.roomlog.position import Draft, MessageBody

FREE = Membership(
    role="member",
    visible_from=0,
    muted_until=0,
    members=3,
    kind="group",
    slow_mode=0,
    barred=None,
    capacity=10,
)
MUTED = FREE._replace(muted_until=32_503_680_000_000)  # until the year 3000
BLOCKED = FREE._replace(kind="direct", barred="blocked")
PLACE = Place(7, 5, 1)
BODY = MessageBody(room="yard", sender="mina", client_id="one", text="hi")


class Mina:
    """Her connection, and what it asks: how she stands to the room, what the log holds, and what is on its way there."""

    def __init__(self, membership: Membership | None, logged: Place | None = None) -> None:
        self.user, self.is_bot = "mina", False
        self.membership = membership
        self.logged = logged
        self.submitted: list[Draft] = []
        self.answered: list[protocol.Sent] = []
        self.terms = SimpleNamespace(may_act=lambda now: None)
        self.services: Any = SimpleNamespace(memberships=self, said=self, writer=self)

    def peek(self, user: str, room: str) -> Membership | None:
        return self.membership

    async def get(self, user: str, room: str) -> Membership | None:
        await trio.lowlevel.checkpoint()
        return self.membership

    async def place_of(self, draft: Draft) -> Place | None:
        await trio.lowlevel.checkpoint()
        return self.logged

    def heard(self, draft: Draft) -> bool:
        return False

    def submit(self, draft: Draft, answer: object) -> None:
        self.submitted.append(draft)

    def answer(self, command_id: str | None, sent: protocol.Sent) -> None:
        self.answered.append(sent)


@pytest.mark.parametrize(
    ("after", "code"),
    [(None, "not_a_member"), (MUTED, "muted"), (BLOCKED, "blocked")],
    ids=["put out", "muted", "blocked"],
)
async def test_who_may_no_more_once_all_else_is_looked_up_says_nothing(
    after: Membership | None, code: str
) -> None:
    mina = Mina(FREE)

    async def put_out(membership: Membership) -> None:
        await trio.lowlevel.checkpoint()
        mina.membership = after

    with pytest.raises(MadangError, match=code):
        await last(mina, "1", BODY, put_out)  # type: ignore[arg-type]
    assert mina.submitted == []


async def allowed(membership: Membership) -> None:
    await trio.lowlevel.checkpoint()


@pytest.mark.parametrize("now", [None, MUTED, BLOCKED], ids=["put out", "muted", "blocked"])
async def test_what_was_said_before_one_might_no_more_is_answered_as_it_was_then(
    now: Membership | None,
) -> None:
    mina = Mina(now, logged=PLACE)
    await last(mina, "1", BODY, allowed)  # type: ignore[arg-type]
    assert mina.answered == [protocol.Sent(seq=7, mseq=5, at=1)]
    assert mina.submitted == []


def test_what_may_have_been_said_before_is_not_refused_at_once() -> None:
    said = protocol.MessageSend(id="1", room="yard", client_id="one", text="hi")
    assert not messages._send_at_once(Mina(MUTED), said)  # type: ignore[arg-type]
    free = Mina(FREE)
    assert messages._send_at_once(free, said)  # type: ignore[arg-type]
    assert len(free.submitted) == 1
