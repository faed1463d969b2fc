"""The ledger: points go from one account to another, in the caller's transaction.

Accounts are people's and the yard's own (`Treasury`): what is granted or rewarded comes out of one of those, what a class
costs lies in another until it is refunded or earned. So nothing comes from nowhere, and all balances sum to nought.

A transfer has a `reference`, unique for ever, that says what it is for, as `answer:<id>:best`. To transfer again under the
same reference changes nothing, however often and however many at once; so whoever cannot know whether it was done does it
again. What points are paid for is the caller's to know, who announces it and keeps its own rows, in the same transaction.
"""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import Any, Literal

from common.errors import MadangError
from common.postgres import Connection
from control.points import queries

Kind = Literal["grant", "reward", "purchase", "refund", "earning"]


class Treasury(enum.Enum):
    """An account of the yard's own. It may go below zero: that is how much it gave."""

    GRANTS = "grants"
    REWARDS = "rewards"
    CLASSES = "classes"  # what was paid for classes that have not begun


Account = str | Treasury  # a person's, by their id, or the yard's


async def transfer(
    connection: Connection,
    *,
    kind: Kind,
    source: Account,
    target: Account,
    points: int,
    reference: str,
    subject: str | None = None,
    note: str = "",
    by: str | None = None,
) -> bool:
    """Move `points` (more than 0) from `source` to `target`; False when that was done before under this `reference`.

    `subject` is the id of what it is about, `note` is for the person to read, `by` is who caused it. The accounts of
    the people stay locked until the transaction ends. Raises `not_enough_points`; then the transaction has to end, too. Raises
    `reference_reused` when the reference was used for another transfer.
    """
    if points <= 0 or source == target:
        raise ValueError("a transfer moves something somewhere")
    number: str | None = await connection.fetchval(queries.ADD_TRANSFER, reference, kind, subject, note, by)
    if number is None:
        await _refuse_another(connection, reference, (kind, subject, note, points, source, target))
        return False
    people = [account for account in (source, target) if isinstance(account, str)]
    if len(people) > 1:  # in one order, whichever way points go
        await connection.execute(queries.LOCK_ACCOUNTS, people)
    before = await _take(connection, source, points)
    after = await _give(connection, target, points)
    await _enter(connection, number, source, -points, before)
    await _enter(connection, number, target, points, after)
    return True


async def reward(
    connection: Connection,
    user: str,
    points: int,
    *,
    reference: str,
    subject: str | None = None,
    by: str | None = None,
) -> bool:
    """Give `user` points that were earned by doing something good, as `transfer`; `by` is who found it good."""
    return await transfer(
        connection,
        kind="reward",
        source=Treasury.REWARDS,
        target=user,
        points=points,
        reference=reference,
        subject=subject,
        by=by,
    )


async def rewards(connection: Connection, user: str, *, by: str, within: timedelta) -> int:
    """How often `user` was rewarded because of `by` lately. Whoever decides by that keeps others from rewarding meanwhile."""
    given: int = await connection.fetchval(queries.REWARDS_BY, by, within, user)
    return given


async def balance(connection: Connection, user: str) -> int:
    """How many points `user` has now."""
    return await connection.fetchval(queries.BALANCE, user) or 0


async def _refuse_another(connection: Connection, reference: str, wanted: tuple[Any, ...]) -> None:
    """Raise `reference_reused` unless the transfer of this `reference` is the one that is wanted."""
    taken, given = await connection.fetch(queries.TRANSFER, reference)
    done = (taken["kind"], taken["subject"], taken["note"], given["points"], _account(taken), _account(given))
    if done != wanted:
        raise MadangError("reference_reused")


def _account(entry: Any) -> Account:
    return entry["owner"] if entry["treasury"] is None else Treasury(entry["treasury"])


async def _take(connection: Connection, source: Account, points: int) -> int | None:
    """The balance it leaves; None of a treasury. Raises `not_enough_points`."""
    if isinstance(source, Treasury):
        return None
    left: int | None = await connection.fetchval(queries.TAKE, source, points)
    if left is None:
        raise MadangError("not_enough_points")
    return left


async def _give(connection: Connection, target: Account, points: int) -> int | None:
    """The balance it makes; None of a treasury."""
    if isinstance(target, Treasury):
        return None
    has: int = await connection.fetchval(queries.GIVE, target, points)
    return has


async def _enter(
    connection: Connection, number: str, account: Account, points: int, balance: int | None
) -> None:
    owner, treasury = (None, account.value) if isinstance(account, Treasury) else (account, None)
    await connection.execute(queries.ADD_ENTRY, number, owner, treasury, points, balance)
