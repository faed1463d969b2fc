"""What people write in a form is tidied, or refused with everything that is wrong with it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from common.errors import ERRORS, MadangError
from control import faults
from control.words import Rules, line, tidied


def known(key: str) -> str:
    raise MadangError("category_unknown", fields={"category": key})


def weak(_: str) -> str:
    raise MadangError("password_weak", fields={"password": faults.TOO_COMMON})


RULES: Rules = {"title": partial(line, "title"), "category": known, "password": weak}


def test_a_form_is_tidied_by_its_rules_and_what_has_none_stays() -> None:
    assert tidied({"title": "  강가  산책 ", "price": 3}, RULES) == {"title": "강가 산책", "price": 3}


@pytest.mark.parametrize(
    ("asked", "code", "fields"),
    [
        ({"title": "강", "category": "zz"}, "category_unknown", {"category": "zz"}),
        (
            {"title": " ", "category": "zz", "password": "password"},
            "invalid",
            {
                "title": "Expected `str` of length >= 1",
                "category": ERRORS["category_unknown"].en,  # what is told apart by its code, otherwise
                "password": faults.TOO_COMMON,
            },
        ),
    ],
)
def test_a_form_with_several_faults_is_refused_with_all_of_them(
    asked: dict[str, Any], code: str, fields: dict[str, str]
) -> None:
    with pytest.raises(MadangError, match=code) as refusal:
        tidied(asked, RULES)
    assert refusal.value.fields == fields
    assert [*refusal.value.fields] == [*fields]
