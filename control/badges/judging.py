"""Whoever's time in rooms changed is looked at: has it earned them a badge by now?

Every stay that begins or ends leaves a row in `badge_looks`, in the transaction that writes it (by the triggers of
0029_badges.sql). Every control process takes some of these rows now and then, judges their people, and awards, in one
transaction: a process that is killed leaves the rows as they were, and of several each takes others. Who is still in a
room gets a row for the moment at which the next badge can be theirs, so they are awarded it there, and not when they leave.

All that a process takes at a time is bounded: the people, and of each the stays of the days that the rules look back on,
for long streaks only where the last days already are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.clock import from_ms, ms_of
from common.metrics import Counter
from common.postgres import Connection
from common.units import SECONDS, to_ms
from control.badges import queries
from control.badges.awarding import award
from control.badges.counting import begins, counts, is_reached, may_be_longer, soonest
from control.badges.rules import TimeRule, read_rule
from control.records.minutes import Stay
from control.records.reading import LONGEST
from control.services import Services
from control.zones import zone_for

EVERY: Final = 3 * SECONDS
BATCH: Final = 50  # rows in one transaction: some milliseconds in which nothing else is done here
_CALM: Final = to_ms(3 * SECONDS)  # at least, until somebody is looked at again
_awarded = Counter("madang_control_badges_awarded_total", "Badges awarded for time in rooms.")


@dataclass
class Case:
    """Somebody who is looked at: the rules of badges that they do not have, and their stays as far as these look back.

    `since`: moments before it have been judged. `lasting`: the stays that go on.
    """

    user: str
    zone: ZoneInfo
    since: int
    rules: dict[str, TimeRule]
    stays: list[Stay] = field(default_factory=list)
    lasting: list[Stay] = field(default_factory=list)

    def begins(self, *, glance: bool) -> int:
        """From when on the stays have to be known."""
        return min(begins(rule, self.since, self.zone, glance=glance) for rule in self.rules.values())

    def is_long(self) -> bool:
        """Whether more than a glance is needed."""
        return any(may_be_longer(rule, self.stays, self.zone, self.since) for rule in self.rules.values())

    def earned(self, now: int) -> set[str]:
        """The keys of badges that are theirs."""
        return {
            key
            for key, rule in self.rules.items()
            if is_reached(rule, self.stays, self.zone, since=self.since, now=now)
        }

    def again(self, now: int) -> tuple[int, int] | None:
        """Of who is still in a room: since when, and at what moment, they are to be looked at again."""
        waits = [
            soonest(rule, self.stays, self.zone, now)
            for rule in self.rules.values()
            if any(counts(rule, stay.category) for stay in self.lasting)
        ]
        if not waits:
            return None
        return min(stay.entered for stay in self.lasting), now + max(min(waits), _CALM)


async def judge(services: Services) -> None:
    """Judge all who are due. Raises `StoreUnavailable`; whoever was not judged by then still is to be."""
    taken = BATCH
    while taken >= BATCH:
        taken, awarded = await services.db.transaction(_judge_some, services.settings.zone, services.clock())
        _awarded.inc(awarded)


async def _judge_some(connection: Connection, zone: ZoneInfo, now: int) -> tuple[int, int]:
    """Judge who is due, at most so many: how many rows that were, and how many badges are new."""
    due = await connection.fetch(queries.TAKE_DUE, from_ms(now), BATCH)
    cases = await _cases(connection, _since(due), zone)
    await look(connection, cases)
    won = {case.user: case.earned(now) for case in cases}
    earned = [(user, key) for user, keys in won.items() for key in keys]
    awarded = await award(connection, earned, from_ms(now))
    for case in cases:
        case.rules = {key: rule for key, rule in case.rules.items() if key not in won[case.user]}
    await look_again(connection, cases, now)
    return len(due), awarded


async def look(connection: Connection, cases: Sequence[Case]) -> None:
    """Read the stays of these people, as far as their rules look back."""
    await _read(connection, cases, glance=True)
    await _read(connection, [case for case in cases if case.is_long()], glance=False)


def _since(due: Iterable[Any]) -> dict[str, datetime]:
    since: dict[str, datetime] = {}
    for row in due:
        since[row["user_id"]] = min(row["since"], since.get(row["user_id"], row["since"]))
    return since


async def _cases(connection: Connection, since: Mapping[str, datetime], zone: ZoneInfo) -> list[Case]:
    if not since:
        return []
    rules = await time_rules(connection)
    people = await connection.fetch(queries.PEOPLE, list(since))
    cases = [
        Case(
            user=row["id"],
            zone=zone_for(row["timezone"], zone),
            since=ms_of(since[row["id"]]),
            rules={key: rule for key, rule in rules.items() if key not in row["has"]},
        )
        for row in people
    ]
    return [case for case in cases if case.rules]


async def time_rules(connection: Connection) -> dict[str, TimeRule]:
    """The rules of the badges that are awarded for time in rooms, by their keys."""
    kept = {row["key"]: read_rule(row["rule"]) for row in await connection.fetch(queries.TIME_RULES)}
    return {key: rule for key, rule in kept.items() if isinstance(rule, TimeRule)}


async def _read(connection: Connection, cases: Sequence[Case], *, glance: bool) -> None:
    if not cases:
        return
    begin = [from_ms(case.begins(glance=glance)) for case in cases]
    rows = await connection.fetch(queries.STAYS, [case.user for case in cases], begin, LONGEST)
    stays: dict[str, list[Stay]] = defaultdict(list)
    lasting: dict[str, list[Stay]] = defaultdict(list)
    for row in rows:
        stay = Stay(row["category"] or "", ms_of(row["entered_at"]), ms_of(row["left_at"]))
        stays[row["user_id"]].append(stay)
        if row["lasts"]:
            lasting[row["user_id"]].append(stay)
    for case in cases:
        case.stays, case.lasting = stays[case.user], lasting[case.user]


async def look_again(connection: Connection, cases: Iterable[Case], now: int) -> None:
    """Those of them who are in a room now are looked at when the next badge can be theirs."""
    again = [(case.user, *moments) for case in cases if (moments := case.again(now)) is not None]
    if again:
        users, since, due = zip(*again, strict=True)
        await connection.execute(queries.LOOK_AGAIN, users, [*map(from_ms, since)], [*map(from_ms, due)])
