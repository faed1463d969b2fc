"""What random matching takes and gives, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol import ClientId, MatchCategory, Uuid
from control.identity.views import At
from control.matching.conditions.views import Kind, Place, Way

MOST: Final = 10  # of each list in one application

State = Literal["waiting", "matched", "cancelled", "expired"]
Category = Annotated[MatchCategory, Meta(examples=["meal"])]
Places = Annotated[list[Place], Meta(min_length=1, max_length=MOST, description="Where; any of them will do")]
Ways = Annotated[
    list[Way], Meta(max_length=MOST, description="How to eat; for a meal, and one at least there")
]
Kinds = Annotated[list[Kind], Meta(max_length=MOST, description="What kind of study; one at least there")]


class ApplyAtRandom(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom one looks for: company for a meal, at one of these places in one of these ways, or to study, at one of these places
    and of one of these kinds. Sent again with the same `client_id`, it is the same application; with anything else in it, it
    is refused."""

    category: Category
    places: Places
    ways: Ways = []
    kinds: Annotated[Kinds, Meta(examples=[[]])] = []
    client_id: ClientId | None = None


class Agreed(Struct, kw_only=True):
    """What two who were matched have in common."""

    places: list[Place]
    ways: list[Way]
    kinds: list[Kind]


class RandomApplication(Struct, kw_only=True):
    """Somebody looks for company, until `expires_at`. Once that is `matched` it says of which match, in which room, and what
    the two have in common."""

    id: Uuid
    category: Category
    places: list[Place]
    ways: list[Way]
    kinds: list[Kind]
    applied_at: At
    expires_at: At
    state: State
    match: Uuid | None
    room: Uuid | None
    agreed: Agreed | None


class RandomApplications(Struct):
    """My newest application of each category, whatever became of it."""

    applications: list[RandomApplication]
