"""People who send files, as they send them: straight to the store."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.control.rooms.conftest import Guest, Json, good, guests, news, talk
from tests.support.control import PATIENCE

__all__ = ["Send", "bucket", "guests", "news", "picture", "store", "talk"]

Send = Callable[..., Awaitable[Json]]


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 400), **how: Any) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, (30, 120, 200)).save(out, kind, **how)
    return out.getvalue()


@pytest.fixture
def bucket(s3_url: str) -> str:
    """A bucket of each test's own: what lies in it besides is looked at, too."""
    return s3_url


@pytest.fixture
async def store() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the S3 store, with nobody's token."""
    async with httpx.AsyncClient(verify=False, timeout=PATIENCE) as http:
        yield http


async def asked(who: Guest, body: bytes, **wanted: Any) -> Json:
    """A signed place for `body`: a PNG as an avatar unless said otherwise."""
    wanted = {"purpose": "avatar", "name": "나.png", "media_type": "image/png", "size": len(body)} | wanted
    return good(await who.http.post("/api/v1/uploads", json=wanted), 201)


async def put(store: httpx.AsyncClient, signed: Json, body: bytes) -> httpx.Response:
    """Send `body` as it was signed."""
    if signed["method"] == "POST":
        return await store.post(signed["url"], data=signed["fields"], files={"file": ("x", body)})
    return await store.put(signed["url"], content=body, headers=signed["headers"])


async def sent(who: Guest, store: httpx.AsyncClient, body: bytes, **wanted: Any) -> Json:
    """Ask, send, confirm."""
    signed = await asked(who, body, **wanted)
    assert (await put(store, signed, body)).status_code in {200, 201, 204}
    return good(await who.http.post(f"/api/v1/uploads/{signed['id']}/confirm"))
