"""What files may be sent for: how large, of which types, and who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from common.units import MIB

Purpose = Literal[
    "avatar", "wallpaper", "room_image", "class_cover", "post_image", "badge", "certificate", "attachment"
]
Audience = Literal["everybody", "reviewers", "room"]

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
# What a browser shows in its place without running anything; everything else is only ever offered as a download.
SHOWN: Final = PICTURES | {
    "application/pdf",
    "audio/aac", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm",
    "video/mp4", "video/webm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """`types` None: any. `audience`: who reads beside the owner."""

    size: int
    types: frozenset[str] | None
    audience: Audience


RULES: Final[dict[Purpose, Rules]] = {
    "avatar": Rules(5 * MIB, PICTURES, "everybody"),
    "wallpaper": Rules(10 * MIB, PICTURES, "everybody"),
    "room_image": Rules(5 * MIB, PICTURES, "everybody"),
    "class_cover": Rules(10 * MIB, PICTURES, "everybody"),
    "post_image": Rules(10 * MIB, PICTURES, "everybody"),
    "badge": Rules(1 * MIB, PICTURES, "everybody"),
    "certificate": Rules(10 * MIB, PICTURES | {"application/pdf"}, "reviewers"),
    "attachment": Rules(50 * MIB, None, "room"),
}
LARGEST_PICTURE: Final = 20 * MIB  # an attachment above it is kept as it is, without a thumbnail
