"""Every code that is used exists, and every code that exists is said in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ERRORS, ErrorKind, MadangError, language_of

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = [path for part in ("common", "chatd", "control") for path in sorted((ROOT / part).rglob("*.py"))]
HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("code", ERRORS)
def test_a_code_is_a_word_and_its_sentences_are_for_people(code: str) -> None:
    kind = ERRORS[code]
    assert re.fullmatch("[a-z]+(_[a-z]+)*", code)
    assert 400 <= kind.status < 600
    assert kind.en.endswith((".", "?"))
    assert not HANGUL.search(kind.en)
    assert kind.ko.endswith((".", "?", "요"))
    assert HANGUL.search(kind.ko)
    assert (kind.sentence("en"), kind.sentence("ko")) == (kind.en, kind.ko)


def raised_codes(source: Path) -> Iterator[tuple[int, str]]:
    """The codes written out in `MadangError("...")` and `MadangError("..." if ... else "...")`."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name("MadangError"), args=[ast.Constant(str(code)), *_]):
                yield node.lineno, code
            case ast.Call(
                func=ast.Name("MadangError"),
                args=[ast.IfExp(body=ast.Constant(str(one)), orelse=ast.Constant(str(other))), *_],
            ):
                yield from ((node.lineno, one), (node.lineno, other))


def test_every_code_that_is_raised_exists() -> None:
    unknown = [
        f"{source.relative_to(ROOT)}:{line}: {code}"
        for source in PROGRAMS
        for line, code in raised_codes(source)
        if code not in ERRORS
    ]
    assert not unknown


def test_codes_are_raised_at_all() -> None:
    """Lest the test above looks at nothing."""
    assert {code for source in PROGRAMS for _, code in raised_codes(source)} > {
        "not_a_member",
        "token_expired",
    }


def test_an_error_is_what_its_code_says() -> None:
    error = MadangError("rate_limited", retry_after_ms=50, fields={"a": "b"})
    assert error.kind == ERRORS["rate_limited"]
    assert isinstance(error.kind, ErrorKind)
    assert (error.code, error.retry_after_ms, error.fields, str(error)) == (
        "rate_limited",
        50,
        {"a": "b"},
        "rate_limited",
    )


def test_a_code_that_does_not_exist_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        MadangError("no_such_code")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr, ko;q=0.5", "ko"),
        ("fr", "en"),
        ("ko;q=0, en;q=0.1", "en"),
        ("KO", "ko"),
        ("ko;q=loud", "en"),
    ],
)
def test_the_language_is_the_one_that_was_asked_for(header: str | None, language: str) -> None:
    assert language_of(header) == language


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert language_of(header) in {"en", "ko"}
