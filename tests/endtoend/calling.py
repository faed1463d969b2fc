"""Calls over the bare wire: coming in, and what one hears."""

from __future__ import annotations

from typing import Any

from common.ids import uuid7
from tests.support.rawsocket import Raw

Peer = dict[str, Any]


async def joins(raw: Raw, room: str, peer: str | None = None, **more: Any) -> dict[str, Any]:
    """Come into the call: what was granted."""
    return await raw.ok("call.join", room=room, **({"peer": peer} if peer else {}), **more)


async def opens(raw: Raw, room: str) -> dict[str, Any]:
    """The call as whoever opens the room is told of it."""
    call: dict[str, Any] = (await raw.ok("room.open", room=room))["call"]
    return call


def peers(call: dict[str, Any]) -> list[str]:
    return [each["peer"] for each in call["peers"]]


def offer(to: str, room: str, sdp: str = "v=0") -> dict[str, Any]:
    """The fields of a `call.signal` that offers something."""
    return {"room": room, "to": to, "data": {"kind": "offer", "sdp": sdp}}


def new_peer() -> str:
    return uuid7()
