"""How passwords rest, and which are refused."""

from __future__ import annotations

import time

import pytest
import trio

from common.errors import MadangError
from control.identity.passwords import Passwords, check_password

GOOD = (
    "a-long-walk-by-the-river",
    "달빛 아래 김치찌개",
    "xk7!q92mfa",
    "correct horse battery",
    "서울에서 부산까지 걸어가기",
)
BAD = (
    "password12",
    "Password2025!",
    "!!!password!!!",
    "1234567890",
    "0987654321",
    "11112222333",
    "abababababab",
    "qwertyuiop",
    "1q2w3e4r5t",
    "dkssudgktpdy",
    "iloveyou1234",
    "비밀번호입니다",
    "Sunshine2024",
)


@pytest.mark.parametrize("password", GOOD)
def test_good_ones(password: str) -> None:
    check_password(password, personal=("somebody@example.org", "아린", "김아린"))


@pytest.mark.parametrize("password", BAD)
def test_what_guessers_try_first(password: str) -> None:
    with pytest.raises(MadangError, match="password_weak"):
        check_password(password, personal=())


def test_ten_characters_however_they_are_written() -> None:
    check_password("가나다라 마바사아자", personal=())
    with pytest.raises(MadangError, match="password_weak"):
        check_password("가나다라마바사", personal=())  # 21 bytes, 7 characters


def test_nothing_that_is_known_of_its_owner() -> None:
    for password in (
        "marigold.river@example.org",
        "Marigold.River",
        "marigold.river99",
        "김아린김아린김아린!",
    ):
        with pytest.raises(MadangError, match="password_weak"):
            check_password(password, personal=("marigold.river@example.org", "김아린김아린김아린", "x"))


async def test_what_was_hashed_matches_and_nothing_else() -> None:
    passwords = Passwords(cost=4)
    stored = await passwords.hash("correct horse")
    assert stored != await passwords.hash("correct horse")
    assert await passwords.matches("correct horse", stored)
    assert not await passwords.matches("correct horsf", stored)
    assert not await passwords.matches("correct horse", None)


async def test_a_zero_byte_and_the_seventy_third_count() -> None:
    passwords = Passwords(cost=4)
    assert not await passwords.matches("a\0b", await passwords.hash("a\0c"))
    assert not await passwords.matches("x" * 72 + "a", await passwords.hash("x" * 72 + "b"))


async def test_nobody_takes_as_long_as_somebody() -> None:
    passwords = Passwords(cost=8)
    stored = await passwords.hash("correct horse")

    async def cpu(against: str | None) -> float:
        began = time.process_time()
        await passwords.matches("wrong", against)
        return time.process_time() - began

    await cpu(None)
    nobody, somebody = [[await cpu(against) for _ in range(5)] for against in (None, stored)]
    assert (
        0.5 < min(nobody) / min(somebody) < 2
    )  # the least is the work itself: a busy machine only ever adds to it


async def test_a_crowd_is_told_to_come_back() -> None:
    passwords, said = Passwords(cost=6), []

    async def ask() -> None:
        try:
            await passwords.hash("correct horse")
        except MadangError as error:
            said.append((error.code, error.retry_after_ms))

    async with trio.open_nursery() as nursery:
        for _ in range(200):
            nursery.start_soon(ask)
    assert 100 < len(said) < 200
    assert set(said) == {("overloaded", 5000)}
