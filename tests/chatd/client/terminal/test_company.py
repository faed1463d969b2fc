"""Who types, who has read, and who is meant by an @."""

from __future__ import annotations

import pytest

from chatd.client.terminal.company import Company
from common.protocol import Read, Typing

ME, ARIN, BORA, HANEUL = "me", "arin", "bora", "haneul"
ROOM = "room"


@pytest.fixture
def company() -> Company:
    company = Company(ME)
    for user, name in ((ARIN, "아린"), (BORA, "Bora"), (HANEUL, "아린이")):
        company.learn(user, name)
    return company


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@아린 점심?", [ARIN]),
        ("@아린님 점심?", [ARIN]),
        ("@아린이가 왔다", [HANEUL]),
        ("(@bora, @아린!)", [BORA, ARIN]),
        ("@BORA @Bora", [BORA]),
        ("bora@bora.example", []),
        ("@누구 @", []),
        ("안녕하세요", []),
    ],
)
def test_names_after_an_at_are_those_who_are_meant(company: Company, text: str, meant: list[str]) -> None:
    assert company.mentioned(text) == meant


def test_who_is_no_member_any_more_is_not_meant(company: Company) -> None:
    company.gone(ARIN)
    assert company.mentioned("@아린 @bora") == [BORA]


def test_somebody_types_until_they_stop_or_say_it_or_are_heard_of_no_more(company: Company) -> None:
    for user in (ARIN, BORA, HANEUL, ME):
        company.heard(Typing(room=ROOM, user=user, on=True, expires_in_ms=6000), 10)
    assert company.typing(15) == [ARIN, BORA, HANEUL]
    company.heard(Typing(room=ROOM, user=ARIN, on=False), 15)
    company.said(BORA, 7)
    assert company.typing(15.9) == [HANEUL]
    assert company.typing(16) == []


def test_those_have_read_it_who_said_so_or_spoke_after_it(company: Company) -> None:
    company.heard(Read(room=ROOM, user=ARIN, mseq=5), 0)
    company.heard(Read(room=ROOM, user=ARIN, mseq=3), 0)
    company.heard(Read(room=ROOM, user=ME, mseq=9), 0)
    company.said(BORA, 7)
    assert [company.readers(mseq) for mseq in (5, 6, 7, 8)] == [2, 1, 1, 0]
