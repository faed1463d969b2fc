"""What files may be sent for: how large, and of which types. Who may read one is decided by what it belongs to (`reading`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from common.units import MIB

Purpose = Literal[
    "avatar", "wallpaper", "room_image", "class_cover", "post_image", "badge", "certificate", "attachment"
]

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
# What a browser shows in its place without running anything; everything else is only ever offered as a download.
SHOWN: Final = PICTURES | {
    "application/pdf",
    "audio/aac", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm",
    "video/mp4", "video/webm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """`types` None: any."""

    size: int
    types: frozenset[str] | None


RULES: Final[dict[Purpose, Rules]] = {
    "avatar": Rules(5 * MIB, PICTURES),
    "wallpaper": Rules(10 * MIB, PICTURES),
    "room_image": Rules(5 * MIB, PICTURES),
    "class_cover": Rules(10 * MIB, PICTURES),
    "post_image": Rules(10 * MIB, PICTURES),
    "badge": Rules(1 * MIB, PICTURES),
    "certificate": Rules(10 * MIB, PICTURES | {"application/pdf"}),
    "attachment": Rules(50 * MIB, None),
}
LARGEST_PICTURE: Final = 20 * MIB  # an attachment above it is kept as it is, without a thumbnail
