"""The closed sets of this version, put together once: what a program can only know from here or from our pages."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args, get_origin

from msgspec import Struct

from common import disconnect
from common.errors import ERRORS
from common.permissions import ROLES
from common.protocol import MAX_FRAME, MAX_PAGE, MAX_ROOMS, MAX_TEXT, MatchCategory
from common.protocol import Kind as MessageKind
from control.identity.views import FoundBy, Gender, PresenceSetting
from control.matching.conditions.views import ConditionList
from control.matching.pairing.views import State as RandomState
from control.matching.posts.views import State as PostState
from control.mentors.views import State
from control.operations import BODY_LIMIT
from control.people.views import Relation
from control.reports.views import Reason
from control.rooms import views as rooms
from control.uploads.purposes import RULES


class ErrorCode(Struct):
    """A code that an error may carry, over HTTP and over the socket."""

    code: str
    status: int
    temporary: bool
    en: str
    ko: str


class CloseCode(Struct):
    """Why a socket is closed, and whether to come back."""

    code: int
    name: str
    come_back: bool
    en: str
    ko: str


class RoleGrants(Struct):
    """A role and what it permits."""

    role: str
    permissions: list[str]


class UploadPurpose(Struct):
    """What files may be sent for: how large, and of which types; null for any."""

    purpose: str
    bytes: int
    types: list[str] | None


class Limits(Struct):
    """Bounds that a client should know before it meets them."""

    body_bytes: int
    frame_bytes: int
    text_characters: int
    open_rooms: int
    page_events: int


class Enums(Struct, kw_only=True):
    """The closed sets of this version."""

    genders: list[str]
    presence: list[str]
    found_by: list[str]
    relations: list[str]
    application_states: list[str]
    message_kinds: list[str]
    room_kinds: list[str]
    room_visibilities: list[str]
    room_histories: list[str]
    room_roles: list[str]
    notifications: list[str]
    report_reasons: list[str]
    match_categories: list[str]
    condition_lists: list[str]
    post_states: list[str]
    random_states: list[str]
    uploads: list[UploadPurpose]
    roles: list[RoleGrants]
    errors: list[ErrorCode]
    close_codes: list[CloseCode]
    limits: Limits


def words_of(kind: Any) -> list[str]:
    """The words of a Literal, however it is wrapped."""
    while get_origin(kind) in {Annotated, list}:
        kind = get_args(kind)[0]
    return list(get_args(kind))


ENUMS: Final = Enums(
    genders=words_of(Gender),
    presence=words_of(PresenceSetting),
    found_by=words_of(FoundBy),
    relations=words_of(Relation),
    application_states=words_of(State),
    message_kinds=words_of(MessageKind),
    room_kinds=words_of(rooms.Kind),
    room_visibilities=words_of(rooms.Visibility),
    room_histories=words_of(rooms.History),
    room_roles=words_of(rooms.Role),
    notifications=words_of(rooms.Notifications),
    report_reasons=words_of(Reason),
    match_categories=words_of(MatchCategory),
    condition_lists=words_of(ConditionList),
    post_states=words_of(PostState),
    random_states=words_of(RandomState),
    uploads=[
        UploadPurpose(purpose, rules.size, None if rules.types is None else sorted(rules.types))
        for purpose, rules in RULES.items()
    ],
    roles=[RoleGrants(role, sorted(permissions)) for role, permissions in ROLES.items()],
    errors=[ErrorCode(code, kind.status, kind.temporary, kind.en, kind.ko) for code, kind in ERRORS.items()],
    close_codes=[
        CloseCode(reason.code, reason.name, reason.come_back, reason.en, reason.ko)
        for reason in disconnect.BY_CODE.values()
    ],
    limits=Limits(BODY_LIMIT, MAX_FRAME, MAX_TEXT, MAX_ROOMS, MAX_PAGE),
)
