"""A running control makes copies by itself, without anybody's help."""

from __future__ import annotations

import trio

from tests.control.rooms.conftest import Guests, good
from tests.support.control import PATIENCE


async def test_who_asks_gets_one_in_a_while(guests: Guests) -> None:
    (mina,) = await guests(1)
    export = good(await mina.http.post("/api/v1/me/exports"), 201)["id"]
    with trio.fail_after(PATIENCE):
        while good(await mina.http.get(f"/api/v1/me/exports/{export}"))["state"] != "ready":  # noqa: ASYNC110
            await trio.sleep(0.1)
