"""The page of all errors, in both languages side by side, made of the table: it needs no script, and every problem's `type`
leads to a line of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Final

from common.errors import ERRORS
from common.remedies import remedy_of

_TEMPLATE: Final = Template((Path(__file__).parent / "errors.html").read_text())
_BY_STATUS: Final = sorted(ERRORS, key=lambda code: ERRORS[code].status)  # within one, as in the table


def page() -> str:
    """The body of the page, as HTML."""
    return _TEMPLATE.substitute(contents="\n".join(_contents()), errors="\n".join(_errors()))


def _contents() -> Iterator[str]:
    for status, codes in groupby(_BY_STATUS, key=lambda code: ERRORS[code].status):
        yield f"<h2>{status}</h2>\n<ul>"
        yield from (f'<li><a href="#{code}">{code}</a></li>' for code in codes)
        yield "</ul>"


def _errors() -> Iterator[str]:
    for code in _BY_STATUS:
        kind, remedy = ERRORS[code], remedy_of(code)
        temporary = ' <span class="badge">temporary · 일시적</span>' if kind.temporary else ""
        yield f'<article id="{code}">'
        yield f'<h2><code>{code}</code> <span class="badge">{kind.status}</span>{temporary}</h2>'
        yield f'<p lang="en">{escape(kind.en)} <span class="type">{_prose(remedy.en)}</span></p>'
        yield f'<p lang="ko">{escape(kind.ko)} <span class="type">{_prose(remedy.ko)}</span></p>'
        yield "</article>"


def _prose(text: str) -> str:
    """Text in which `this` is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if odd % 2 else part for odd, part in enumerate(parts))
