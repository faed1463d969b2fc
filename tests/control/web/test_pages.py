"""How control serves what was built: from memory, hashed names for ever, and one page for all of the app's own paths."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from control.settings import Settings
from control.web.site import File, read_site
from tests.support.control import Control, running_control

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
INDEX = b"<!doctype html><title>madang</title>"
SCRIPT = b"console.log('madang');" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as a build leaves it."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(INDEX)
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets" / "main-1a2b3c.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-1a2b3c.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "stamp").write_text("not for people")
    (tmp_path / "secret.svg").write_text("not for people")
    return folder


async def test_the_app_is_served_as_a_strict_browser_wants_it(
    control_settings: Settings, built: Path
) -> None:
    async with running_control(control_settings, web=built) as control:
        await _the_page(control)
        await _what_it_is_made_of(control)
        await _what_is_not_there(control)


async def _the_page(control: Control) -> None:
    for path in ("/", "/rooms/0198a9d2-6f50-7000-8000-000000000000", "/social/kakao?code=1"):
        page = await control.http.get(path, headers=PAGE)
        assert (page.status_code, page.content) == (200, INDEX), path
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "ws://127.0.0.1" in policy
        assert "*" not in policy
    again = await control.http.get("/", headers=PAGE | {"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == page.headers["etag"]
    head = await control.http.head("/")
    assert (head.status_code, head.content) == (200, b"")


async def _what_it_is_made_of(control: Control) -> None:
    name = "/assets/main-1a2b3c.js"
    packed = await control.http.get(name, headers={"accept-encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", SCRIPT)
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "accept-encoding" in packed.headers["vary"]
    assert packed.headers["content-type"].startswith("text/javascript")
    plain = await control.http.get(name, headers={"accept-encoding": "identity"})
    assert ("content-encoding" in plain.headers, plain.content) == (False, SCRIPT)
    assert (await control.http.get("/icon.svg")).headers["cache-control"] == "no-cache"


async def _what_is_not_there(control: Control) -> None:
    strays = (
        "/api/v1/nothing",
        "/assets/main-000000.js",
        "/docs/nothing",
        "/.git/config",
        "/.well-known/nothing",
    )
    for path in strays:
        missing = await control.http.get(path, headers=PAGE)
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found"), path
    for path in (
        "/stamp",
        "/assets/../../secret.svg",
        "/assets/%2e%2e/%2e%2e/secret.svg",
        "/..%2fsecret.svg",
    ):
        missing = await control.http.get(path)
        assert missing.status_code == 404, path
    assert (await control.http.get("/rooms")).status_code == 404  # a program, which did not ask for a page
    assert (await control.http.post("/rooms", headers=PAGE)).status_code == 404
    assert (await control.http.get("/api/v1/version", headers=PAGE)).json()["name"] == "madang"
    assert (await control.http.get("/docs", headers=PAGE)).status_code == 200


def test_where_nothing_was_built_there_is_no_app(tmp_path: Path) -> None:
    assert read_site(tmp_path) is None
    assert read_site(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("BR;q=1.0, gzip;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0.0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("br;q=much", None),
        (";,;;", None),
    ],
)
def test_a_form_that_is_understood_is_sent(accepted: str, coding: str | None) -> None:
    file = File(b"plain", "text/css", "tag", is_hashed=True, compressed={"br": b"b", "gzip": b"g"})
    assert file.form(accepted) == (coding, {"br": b"b", "gzip": b"g", None: b"plain"}[coding])
