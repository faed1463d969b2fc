"""Whoever earned a badge before it was there gets it, too.

A badge for those who come first goes to whoever signed up first of all that there are, in the transaction that offers it:
sign-ups wait for that moment, so none is passed over and no place is given twice. For time in rooms there is much to be read:
everybody is looked at in the order in which they signed up, with all their stays that are kept, some at a time. Every control
process does some of it now and then; how far it came stands in `badge_arrears`, in the transaction of what was awarded, so
whoever is killed leaves it as it was. Whatever happens in rooms meanwhile is judged as always (`judging.py`), and nobody is
awarded a badge twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from common.clock import from_ms, ms_of
from common.postgres import Connection
from common.units import SECONDS
from control.badges import queries
from control.badges.awarding import award
from control.badges.judging import Case, look, look_again, time_rules
from control.badges.rules import AnyRule, FirstRule, TimeRule
from control.services import Services
from control.zones import zone_for

EVERY: Final = 1 * SECONDS
BATCH: Final = 25  # people in one transaction, of each of whom three years may be read


async def begin(connection: Connection, key: str, rule: AnyRule, now: datetime) -> None:
    """A badge is offered with this rule, or again: whoever earned it already gets it, now or soon.

    To be called in that transaction, once the badge and its places are there.
    """
    if isinstance(rule, FirstRule):
        early = await connection.fetch(queries.TAKE_PLACES_FOR_EARLY, key)
        await award(connection, [(row["user_id"], key) for row in early], now)
    elif isinstance(rule, TimeRule):
        await connection.execute(queries.BEGIN_ARREARS, key)


async def catch_up(services: Services) -> None:
    """Look at all that is left. Raises `StoreUnavailable`; where that leaves off the next one goes on."""
    while await services.db.transaction(_look_at_some, services.settings.zone, services.clock()):
        pass


async def _look_at_some(connection: Connection, zone: ZoneInfo, now: int) -> bool:
    """Look at the next people for a badge that nobody else has in hand; whether there was one."""
    task = await connection.fetchrow(queries.TAKE_ARREARS)
    if task is None:
        return False
    people = await connection.fetch(queries.NEXT_PEOPLE, task["after"], BATCH)
    if len(people) < BATCH:
        await connection.execute(queries.END_ARREARS, task["badge"])
    else:
        await connection.execute(queries.MOVE_ARREARS, task["badge"], UUID(people[-1]["id"]), len(people))
    rules = {key: rule for key, rule in (await time_rules(connection)).items() if key == task["badge"]}
    cases = [_case(row, rules, zone) for row in people if row["since"] is not None]
    await look(connection, cases)
    won = {case.user for case in cases if case.earned(now)}
    await award(connection, [(user, task["badge"]) for user in won], from_ms(now))
    await look_again(connection, [case for case in cases if case.user not in won], now)
    return True


def _case(row: Any, rules: dict[str, TimeRule], zone: ZoneInfo) -> Case:
    return Case(row["id"], zone_for(row["timezone"], zone), ms_of(row["since"]), rules)
