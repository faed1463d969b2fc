"""What a device is called in the list of sessions."""

from __future__ import annotations

from typing import Final

from control.operations import Call
from control.words import line

_LONGEST: Final = 100  # characters of a User-Agent that tell devices apart


def device_of(call: Call, given: str | None) -> str:
    """What its owner calls it, or else what it calls itself. Raises `invalid`."""
    if given is not None:
        return line("device", given)
    said = "".join(each for each in call.headers.get("user-agent", "") if each.isprintable())
    return said[:_LONGEST].strip() or "?"
