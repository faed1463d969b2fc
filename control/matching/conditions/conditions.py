"""What people look for company by, as every process keeps it in memory: where to meet, how to eat, what kind of study.

A key is for ever: a condition that is no longer offered is retired, and shown by its name wherever it was chosen before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from common.errors import Language, MadangError
from common.postgres import Postgres
from control.commons.lists import KeptList
from control.matching.conditions import queries
from control.matching.conditions.views import Condition, ConditionList, Conditions


class KnownConditions(KeptList):
    """The three lists, as this process knows them."""

    statement = queries.CONDITIONS

    def __init__(self, db: Postgres) -> None:
        super().__init__(db)
        self._take([])

    def all(self) -> Conditions:
        """Every condition in its order, the retired ones last."""
        return self._known

    def chosen(
        self, of: ConditionList, keys: Iterable[str], *, kept: Iterable[str] = (), field: str | None = None
    ) -> list[str]:
        """`keys` of that list, each once. Raises `condition_unknown`, naming `field` or else the list, for one that is not
        offered, unless it was chosen before and is among those `kept`."""
        wanted = list(dict.fromkeys(keys))
        unknown = set(wanted) - self._offered[of] - set(kept)
        if unknown:
            raise MadangError("condition_unknown", fields={field or of: ", ".join(sorted(unknown))})
        return wanted

    def names(self, of: ConditionList, keys: Iterable[str], language: Language) -> list[str]:
        """What `keys` are called; by themselves when this process does not know them yet."""
        known = {each.key: each.ko if language == "ko" else each.en for each in getattr(self._known, of)}
        return [known.get(key, key) for key in keys]

    def _take(self, rows: list[Any]) -> None:
        lists: dict[ConditionList, list[Condition]] = {name: [] for name in get_args(ConditionList)}
        for row in rows:
            entry = Condition(
                key=row["key"], ko=row["ko"], en=row["en"], position=row["position"], retired=row["retired"]
            )
            lists[row["list"]].append(entry)
        self._known = Conditions(**lists)
        self._offered = {
            name: frozenset(each.key for each in entries if not each.retired)
            for name, entries in lists.items()
        }
