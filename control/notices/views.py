"""What the operations on notices take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Uuid
from control.cursor import Cursor
from control.identity.views import At
from control.once import ClientId


class Korean(Struct, forbid_unknown_fields=True):
    """What it says in Korean."""

    title: Annotated[str, Meta(min_length=1, max_length=100, examples=["토요일 새벽 점검 안내"])]
    text: Annotated[
        str, Meta(min_length=1, max_length=5000, examples=["토요일 새벽 3시부터 30분 동안 점검합니다."])
    ]


class English(Struct, forbid_unknown_fields=True):
    """What it says in English."""

    title: Annotated[str, Meta(min_length=1, max_length=100, examples=["Maintenance early on Saturday"])]
    text: Annotated[
        str,
        Meta(
            min_length=1, max_length=5000, examples=["We are away for half an hour from 3 a.m. on Saturday."]
        ),
    ]


class Publish(Struct, forbid_unknown_fields=True, kw_only=True):
    """A notice, in both languages."""

    ko: Korean
    en: English
    pinned: bool = False
    client_id: ClientId = None


class ChangeNotice(Struct, forbid_unknown_fields=True, kw_only=True):
    """What of a notice shall be otherwise. What is left out stays."""

    ko: Korean | UnsetType = UNSET
    en: English | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET


class Notice(Struct, kw_only=True):
    """A notice. `edited_at` is null when it says what it said first."""

    id: Uuid
    ko: Korean
    en: English
    pinned: bool
    published_at: At
    edited_at: At | None


class NoticesQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Notices(Struct):
    """A page of notices: those that are pinned, then the others, each the newest first. `next` is null on the last one."""

    notices: list[Notice]
    next: Cursor | None
