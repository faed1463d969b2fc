"""On which lists a question stands: that of all, of its category, of each of its tags, of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from common.errors import MadangError
from control.words import line

ALL: Final = "all"


def shelves_of(author: str, category: str | None, tags: Sequence[str]) -> list[str]:
    """The shelves of a question."""
    shelves = [ALL, author_shelf(author), *(tag_shelf(tag) for tag in tags)]
    return shelves if category is None else [*shelves, category_shelf(category)]


def author_shelf(author: str) -> str:
    """What somebody asked."""
    return f"author:{author}"


def category_shelf(category: str) -> str:
    """What was asked in a category."""
    return f"category:{category}"


def tag_shelf(tag: str) -> str:
    """What was asked under a tag, in capitals or not."""
    return f"tag:{tag.casefold()}"


def tidy_tags(tags: Sequence[str]) -> list[str]:
    """Tags in the one form we keep, each once: without the # that people put before them. Raises `invalid`."""
    kept: dict[str, str] = {}
    for tag in tags:
        tidied = tidy_tag("tags", tag)
        kept.setdefault(tag_shelf(tidied), tidied)
    return list(kept.values())


def tidy_tag(field: str, tag: str) -> str:
    """One tag in that form. Raises `invalid` for `field`."""
    kept = line(field, tag).lstrip("# ")
    if not kept:
        raise MadangError("invalid", fields={field: "Expected `str` of length >= 1"})
    return kept
