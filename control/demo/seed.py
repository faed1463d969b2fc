"""Demo data for a machine where nobody has been yet: people who know each other from the yard, 마당, and what they do there.

It is made by the services that everybody uses, so it is what people could have made themselves. What is there already is
left as it is, and what was begun is finished, so a start that was cut short is made good by the next; where somebody has
changed the yard so that a part of it can no longer be made, that part is done without. The people's passwords are known
to everybody who reads this: it refuses to run in production.
"""

from __future__ import annotations

import sys
from typing import Final

import msgspec

from common.errors import MadangError
from common.logs import get_logger
from control.demo import badges, board, classes, company, mentors, notices, people
from control.demo.people import ACCOUNTS, DemoAccount, settle
from control.demo.rooms import Conversation, DemoRoom, open_direct, open_rooms
from control.services import Services
from control.serving import CannotStart

# What else there is, each with the people it is of; in this order, for one may need another.
_MORE: Final = (
    people.appoint,
    people.befriend,
    open_direct,
    mentors.appoint,
    classes.open_classes,
    company.look,
    board.fill,
    notices.publish,
    badges.grant,
)
_log = get_logger(__name__)


class Planted(msgspec.Struct, frozen=True):
    """What is there now, and what is still to be said over sockets."""

    accounts: list[DemoAccount]
    rooms: list[DemoRoom]
    conversations: list[Conversation]


async def seed(services: Services) -> None:
    """Make what is missing, and print it all as one line of JSON. Raises `CannotStart`."""
    planted = await plant(services)
    sys.stdout.write(msgspec.json.encode(planted).decode() + "\n")


async def plant(services: Services) -> Planted:
    """Make what is missing. Raises `CannotStart` in production, and when somebody else has a name that is needed."""
    if services.settings.profile == "production":
        raise CannotStart("demo data is for development and tests, not for production")
    await services.categories.read()
    await services.conditions.read()
    ids = await settle(services)
    rooms, conversations = await open_rooms(services, ids)
    for make in _MORE:
        try:
            await make(services, ids)
        except (MadangError, LookupError) as refusal:
            _log.warning("a part of the demo is left as it is", part=make.__qualname__, why=str(refusal))
    return Planted(ACCOUNTS, rooms, conversations)
