"""On which lists a question stands: that of all, of its category, of each of its tags, of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
