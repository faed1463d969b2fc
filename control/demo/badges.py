"""The badge that the admin of the demo has given, and who shows it."""

from __future__ import annotations

from typing import Final

from control.badges import granting
from control.badges.views import HoldersQuery
from control.demo.people import Ids
from control.people import profiles
from control.people.views import ChangeProfile
from control.services import Services

_BADGE: Final = "good-neighbour"
_NOTE: Final = "국밥을 나눠 주셔서"


async def grant(services: Services, people: Ids) -> None:
    """Who shared soup is thanked, once, and shows it until they choose otherwise."""
    holders = (await granting.holders(services, _BADGE, HoldersQuery())).holders
    if all(holder.person.id != people["bada"] for holder in holders):
        await granting.grant(services, people["gureum"], _BADGE, people["bada"], _NOTE)
        await profiles.change(services, people["bada"], ChangeProfile(badge=_BADGE))
