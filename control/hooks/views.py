"""What the operations of webhooks take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from common.protocol import MAX_FRAME, MAX_TEXT, Uuid
from control.identity.views import At

HookName = Annotated[str, Meta(min_length=1, max_length=40, examples=["빌드 알림"])]
Secret = Annotated[
    str, Meta(min_length=1, max_length=100, examples=["0pQ7vXk2Wn9sLr5yTe8uJc1aHd4gPo6iXqVwN2MfZbE"])
]
Text = Annotated[
    str,
    Meta(
        max_length=MAX_FRAME, description=f"At most {MAX_TEXT} characters", examples=["배포가 끝났습니다 🎉"]
    ),
]


class CreateHook(Struct, forbid_unknown_fields=True):
    """A new webhook, and what it calls itself in the room."""

    name: HookName


class Hook(Struct, kw_only=True):
    """A webhook, but for its address. `id` is the sender of what it says."""

    id: Uuid
    name: HookName
    created_by: Uuid
    created_at: At
    last_used_at: At | None


class Hooks(Struct):
    """The webhooks of a room that were not revoked, the oldest first."""

    hooks: list[Hook]


class NewHook(Struct, kw_only=True):
    """A webhook and, this once, its address."""

    hook: Hook
    url: Annotated[
        str, Meta(examples=["https://madang.example/hooks/0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a/0pQ7…"])
    ]


class PostToHook(Struct):
    """Something to say; under another name than the webhook's own, if it likes.

    What programs say beside it, that were made for the webhooks of other products, is ignored.
    """

    text: Text
    username: HookName | None = None


class Posted(Struct):
    """It is on its way into the room: `id` is the message's `client_id` there. `repeated`: it was said before."""

    id: Uuid
    repeated: bool
