"""Two real browsers with fake cameras, on two replicas, see each other's moving picture; one mutes, one leaves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from tests.support.chromium import Page, open_chromium
from tests.support.services import Services
from tests.support.world import Person, Replica, World, open_world

_HERE = Path(__file__).parent


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[str]:
    """Where an empty page with the script is served: browsers give cameras to pages of a secure origin only."""
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "call.js").write_bytes((_HERE / "call.js").read_bytes())
    (folder / "index.html").write_text("<!doctype html><meta charset=utf-8><script src=call.js></script>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def world(services: Services, tmp_path: Path) -> Iterator[World]:
    with open_world(services, tmp_path, redis_database=1) as world:
        yield world


async def joins(page: Page, replica: Replica, person: Person, room: str) -> str:
    arguments = msgspec.json.encode([replica.url, person.token(), room]).decode()
    peer: str = await page.run(f"join(...{arguments})")
    return peer


async def test_two_browsers_see_each_other_move_over_two_replicas(
    world: World, origin: str, tmp_path: Path
) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, MADANG_ORIGINS=origin)
    folder = tmp_path / "profile"
    folder.mkdir()
    async with open_chromium(folder) as chromium:
        m, j = await chromium.open(f"{origin}/"), await chromium.open(f"{origin}/")
        here = await joins(m, a, mina, room)
        there = await joins(j, b, jun, room)
        await m.until(f"moves('{there}')")
        await j.until(f"moves('{here}')")
        await m.run("mute()")
        await j.until(f"call.media['{here}'] && !call.media['{here}'].mic")
        await j.run("leave()")
        await m.until(f"call.left.includes('{there}') && !call.videos['{there}']")
        assert await m.run("Object.keys(call.peers).length") == 0
