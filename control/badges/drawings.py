"""The pictures that come with Madang: small SVG documents, the same in light and dark, which say nothing by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, get_args

Drawing = Literal[
    "medal", "gate", "lantern", "moon", "seedling", "flame", "tree", "mountain", "heart", "broom",
    "house", "code", "speech", "pencil", "steps", "stall", "eye", "note", "drop", "pot",
    "book", "palette", "compass", "flask",
]  # fmt: skip

_FOLDER: Final = Path(__file__).parent / "drawings"
DRAWINGS: Final[dict[Drawing, bytes]] = {
    name: (_FOLDER / f"{name}.svg").read_bytes() for name in get_args(Drawing)
}


def path_of(drawing: Drawing) -> str:
    """Where it is served."""
    return f"/api/v1/badges/drawings/{drawing}.svg"
