"""Memberships are remembered for a while and forgotten at once; an answer older than a change is never kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.membership import FRESH, Membership, Memberships
from common.errors import StoreUnavailable

MEMBER = Membership("member", 0, 0)
OWNER = Membership("owner", 0, 0)


class Truth:
    """What PostgreSQL says, when it is told to answer."""

    def __init__(self) -> None:
        self.members: dict[tuple[str, str], Membership] = {("mina", "yard"): MEMBER}
        self.asked = 0
        self.away = False
        self.hold = False
        self._go = trio.Event()

    def answer(self) -> None:
        self.hold = False
        self._go.set()
        self._go = trio.Event()

    async def load(self, keys: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        self.asked += 1
        found = {key: self.members[key] for key in keys if key in self.members}
        await trio.lowlevel.checkpoint()
        if self.hold:
            await self._go.wait()
        if self.away:
            raise StoreUnavailable("postgres", "away")
        return found


@pytest.fixture
def truth() -> Truth:
    return Truth()


@pytest.fixture
def memberships(
    truth: Truth, nursery: trio.Nursery, mock_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> Memberships:
    async def load(_: Memberships, keys: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        return await truth.load(keys)

    monkeypatch.setattr(Memberships, "_load", load)
    memberships = Memberships(None)  # type: ignore[arg-type]
    nursery.start_soon(memberships.run)
    return memberships


async def test_what_is_known_is_not_asked_again_while_it_is_fresh(
    truth: Truth, memberships: Memberships, mock_clock: MockClock
) -> None:
    assert memberships.peek("mina", "yard") is None
    assert await memberships.get("mina", "yard") == MEMBER
    assert memberships.peek("mina", "yard") == MEMBER
    mock_clock.jump(FRESH)
    assert await memberships.get("mina", "yard") == MEMBER
    assert truth.asked == 1
    mock_clock.jump(0.001)
    assert memberships.peek("mina", "yard") is None
    await memberships.get("mina", "yard")
    assert truth.asked == 2


async def test_who_is_no_member_is_remembered_too(truth: Truth, memberships: Memberships) -> None:
    for _ in range(3):
        assert await memberships.get("jun", "yard") is None
    assert truth.asked == 1
    assert memberships.peek("jun", "yard") is None


async def test_what_was_dropped_is_asked_again(truth: Truth, memberships: Memberships) -> None:
    await memberships.get("mina", "yard")
    truth.members.clear()
    memberships.drop("mina", "yard")
    assert memberships.peek("mina", "yard") is None
    assert await memberships.get("mina", "yard") is None


async def test_an_answer_that_was_under_way_when_it_changed_is_not_kept(
    truth: Truth, memberships: Memberships, nursery: trio.Nursery
) -> None:
    truth.hold = True
    nursery.start_soon(memberships.get, "mina", "yard")
    await wait_all_tasks_blocked()
    truth.members.clear()
    memberships.drop("mina", "yard")
    truth.answer()
    await wait_all_tasks_blocked()
    assert memberships.peek("mina", "yard") is None
    assert await memberships.get("mina", "yard") is None


@pytest.mark.parametrize("how", ["room", "all"])
async def test_so_it_is_when_a_room_or_anything_may_have_changed(
    truth: Truth, memberships: Memberships, nursery: trio.Nursery, how: str
) -> None:
    truth.members["jun", "elsewhere"] = MEMBER
    await memberships.get("jun", "elsewhere")
    truth.hold = True
    nursery.start_soon(memberships.get, "mina", "yard")
    await wait_all_tasks_blocked()
    truth.members["mina", "yard"] = OWNER
    if how == "room":
        memberships.drop_room("yard")
    else:
        memberships.drop_all()
    truth.answer()
    await wait_all_tasks_blocked()
    assert (memberships.peek("jun", "elsewhere") is not None) is (how == "room")
    assert memberships.peek("mina", "yard") is None
    assert await memberships.get("mina", "yard") == OWNER


class Unwalked(OrderedDict[Any, Any]):
    """What nobody is to go through from end to end."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("all of it was walked")


async def test_a_room_that_changed_costs_what_is_known_of_it_alone(memberships: Memberships) -> None:
    """Two hundred thousand may be known, and every change to any room is told to every replica."""
    for user, room in (("mina", "yard"), ("jun", "yard"), ("mina", "elsewhere")):
        await memberships.get(user, room)
    memberships._known = Unwalked(memberships._known.items())
    memberships.drop_room("yard")
    memberships.drop_room("nowhere")
    assert [*memberships._known.keys()] == [("mina", "elsewhere")]


async def test_what_is_forgotten_is_forgotten_of_its_room(
    memberships: Memberships, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatd.membership._MOST", 3)
    for user in "abcd":
        await memberships.get(user, "yard")
    await memberships.get("d", "elsewhere")
    assert memberships._users == {"yard": {"c", "d"}, "elsewhere": {"d"}}
    for user in "abcd":
        memberships.drop(user, "yard")
    assert memberships._users == {"elsewhere": {"d"}}
    memberships.drop_all()
    assert not memberships._users


async def test_who_asks_after_the_change_gets_the_truth_of_after_it(
    truth: Truth, memberships: Memberships, nursery: trio.Nursery
) -> None:
    """While the older answer is still under way, and whichever of the two comes back first."""
    answers: list[Membership | None] = []

    async def ask() -> None:
        answers.append(await memberships.get("mina", "yard"))

    truth.hold = True
    nursery.start_soon(ask)
    await wait_all_tasks_blocked()
    truth.members["mina", "yard"] = OWNER
    memberships.drop("mina", "yard")
    nursery.start_soon(ask)
    await wait_all_tasks_blocked()
    truth.answer()
    await wait_all_tasks_blocked()
    assert answers == [MEMBER, OWNER]
    assert memberships.peek("mina", "yard") in {None, OWNER}


async def test_who_gives_up_asking_disturbs_nobody(
    truth: Truth, memberships: Memberships, nursery: trio.Nursery
) -> None:
    truth.hold = True
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as impatient:
            impatient.start_soon(memberships.get, "mina", "yard")
            impatient.start_soon(memberships.get, "mina", "yard")
            nursery.start_soon(memberships.get, "mina", "yard")
            await wait_all_tasks_blocked()
            scope.cancel()
    memberships.drop("mina", "yard")  # is remembered for the one who still asks
    truth.answer()
    await wait_all_tasks_blocked()
    assert memberships.peek("mina", "yard") is None
    assert await memberships.get("mina", "yard") == MEMBER
    assert memberships.peek("mina", "yard") == MEMBER
    assert not memberships._asking


async def test_a_store_that_is_away_is_told_and_nothing_is_remembered(
    truth: Truth, memberships: Memberships
) -> None:
    truth.away = True
    with pytest.raises(StoreUnavailable):
        await memberships.get("mina", "yard")
    truth.away = False
    assert await memberships.get("mina", "yard") == MEMBER
    assert not memberships._asking


async def test_the_longest_unused_are_forgotten_first(
    memberships: Memberships, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatd.membership._MOST", 2)
    await memberships.get("mina", "yard")
    await memberships.get("a", "yard")
    await memberships.get("mina", "yard")
    await memberships.get("b", "yard")
    assert list(memberships._known) == [("mina", "yard"), ("b", "yard")]


async def test_those_who_are_members_are_one_question_and_remembered(
    truth: Truth, memberships: Memberships
) -> None:
    truth.members |= {("jun", "yard"): OWNER, ("noor", "yard"): MEMBER}
    await memberships.get("mina", "yard")
    assert truth.asked == 1
    asked = ["mina", "jun", "noor", "zoe"]
    assert await memberships.among(asked, "yard") == {"mina", "jun", "noor"}
    assert truth.asked == 2, "what was not known is asked together"
    assert await memberships.among(asked, "yard") == {"mina", "jun", "noor"}
    assert memberships.peek("jun", "yard") == OWNER
    assert await memberships.among([], "yard") == set()
    assert truth.asked == 2


async def test_who_left_while_all_were_asked_about_is_asked_about_again(
    truth: Truth, memberships: Memberships, nursery: trio.Nursery
) -> None:
    truth.hold = True
    nursery.start_soon(memberships.among, ["mina", "jun"], "yard")
    await wait_all_tasks_blocked()
    memberships.drop("mina", "yard")
    truth.answer()
    await wait_all_tasks_blocked()
    assert memberships.peek("mina", "yard") is None
    del truth.members["mina", "yard"]
    assert await memberships.among(["mina", "jun"], "yard") == set()


async def test_while_the_store_is_away_nobody_is_taken_for_a_stranger(
    truth: Truth, memberships: Memberships
) -> None:
    truth.away = True
    with pytest.raises(StoreUnavailable):
        await memberships.among(["mina"], "yard")
    truth.away = False
    assert await memberships.among(["mina"], "yard") == {"mina"}
