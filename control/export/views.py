"""What the operations on copies take and give, as Structs. Times are milliseconds since 1970 UTC, sizes bytes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from common.protocol import Uuid
from control.uploads.views import At, Size

State = Literal["queued", "working", "ready", "failed", "expired"]


class Export(Struct, kw_only=True):
    """A copy, and what became of it. Whoever has `url`, which is there while it is ready, can fetch it for two minutes."""

    id: Uuid
    state: State
    asked_at: At
    finished_at: At | None
    expires_at: At | None
    size: Size | None
    url: str | None = None


class Exports(Struct):
    """The newest ten, the newest first; without their URLs."""

    exports: list[Export]
