"""How new points come to a person: a `Charge`, from whoever may say that one is due.

This is the port for money. An adapter of a payment provider proves to itself that somebody paid, makes a `Charge` of it
with the provider's own number of the payment, and hands it to `charge` in a transaction of its own, as often as it
likes: a payment is charged once. What ships is the one adapter that takes no money, the grant of an admin.
"""

from __future__ import annotations

from dataclasses import dataclass

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.points import queries
from control.points.ledger import Treasury, transfer
from control.points.views import Grant
from control.services import Services
from control.words import paragraphs


@dataclass(frozen=True, slots=True)
class Charge:
    """Points that a person is to have. `provider` and `payment` together are this charge's and no other's."""

    provider: str
    payment: str
    person: str
    points: int
    note: str = ""
    by: str | None = None  # the admin, where one says so


async def charge(connection: Connection, due: Charge) -> bool:
    """Put the points on the person's account; False when they were before.

    Raises `person_not_found`, also for a bot and for who left, and `reference_reused` for a payment that was charged for
    something else.
    """
    if not await connection.fetchval(queries.MAY_HAVE_POINTS, due.person):
        raise MadangError("person_not_found")
    return await transfer(
        connection,
        kind="grant",
        source=Treasury.GRANTS,
        target=due.person,
        points=due.points,
        reference=f"{due.provider}:{due.payment}",
        note=due.note,
        by=due.by,
    )


async def grant(services: Services, by: str, wanted: Grant) -> None:
    """What an admin gives, once for each of his `client_id`s. Raises `invalid`, and as `charge`."""
    due = Charge(
        provider="grant",
        payment=f"{by}:{wanted.client_id}",
        person=wanted.person,
        points=wanted.points,
        note=paragraphs("note", wanted.note),
        by=by,
    )
    await services.db.transaction(_grant, by, due)


async def _grant(connection: Connection, by: str, due: Charge) -> None:
    if await charge(connection, due):
        await record(connection, by, "points.granted", person=due.person, points=due.points, note=due.note)
