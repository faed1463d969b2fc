"""What people, mentors, classes and rooms are about: a short list that admins edit, kept in memory by every process.

A key is for ever: a category that is no longer offered is retired, and shown by its name wherever it was chosen before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from common.errors import MadangError
from common.postgres import Postgres
from control.commons import queries
from control.commons.lists import KeptList
from control.commons.views import Category


class Categories(KeptList):
    """The list, as this process knows it."""

    statement = queries.CATEGORIES

    def __init__(self, db: Postgres) -> None:
        super().__init__(db)
        self._known: tuple[Category, ...] = ()
        self._offered: frozenset[str] = frozenset()

    def all(self) -> tuple[Category, ...]:
        """Every category in its order, the retired ones last."""
        return self._known

    def chosen(
        self, keys: Iterable[str], *, kept: Iterable[str] = (), field: str = "categories"
    ) -> list[str]:
        """`keys`, each once. Raises `category_unknown` naming `field` for one that is not offered, unless it was chosen
        before and is among those `kept`."""
        wanted = list(dict.fromkeys(keys))
        unknown = set(wanted) - self._offered - set(kept)
        if unknown:
            raise MadangError("category_unknown", fields={field: ", ".join(sorted(unknown))})
        return wanted

    def one(self, key: str | None, *, field: str = "category") -> str | None:
        """`key`, or none at all. Raises `category_unknown` naming `field` for one that is not offered."""
        if key is not None:
            self.chosen([key], field=field)
        return key

    def _take(self, rows: list[Any]) -> None:
        self._known = tuple(
            Category(
                key=row["key"], ko=row["ko"], en=row["en"], position=row["position"], retired=row["retired"]
            )
            for row in rows
        )
        self._offered = frozenset(each.key for each in self._known if not each.retired)
