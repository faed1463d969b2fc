"""The web app's build: made when something changed, one at a time, and never half of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import trio

from deploy import web as building
from deploy.embedded.errors import SetUpError


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A web app of one file, whose npm finds nobody to ask."""
    folder = tmp_path / "web"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.ts").write_text("1")
    (folder / "package.json").write_text('{"dependencies": {"preact": "11.0.0"}}')
    packages = {"": {"dependencies": {"preact": "11.0.0"}}, "node_modules/preact": {"version": "11.0.0"}}
    (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    return folder


class Tools:
    """Stand-ins for npm and Vite, which note what is asked of them."""

    def __init__(self, web: Path) -> None:
        self.web = web
        self.builds = 0

    async def install(self, *_: Any) -> None:
        await trio.lowlevel.checkpoint()

    async def run(self, what: str, words: list[str], web: Path) -> None:
        self.builds += 1
        (self.web / "dist.new").mkdir()
        await trio.lowlevel.checkpoint()
        (self.web / "dist.new" / "index.html").write_text((self.web / "src" / "main.ts").read_text())


@pytest.fixture
def tools(web: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    tools = Tools(web)
    monkeypatch.setattr(building, "install", tools.install)
    monkeypatch.setattr(building, "_run", tools.run)
    return tools


def nothing(_: str) -> None:
    """Somebody who does not listen."""


async def test_it_is_built_again_when_a_source_changed_and_only_then(web: Path, tools: Tools) -> None:
    for text, builds in (("1", 1), ("1", 1), ("2", 2), ("1", 3)):
        (web / "src" / "main.ts").write_text(text)
        assert building.is_built(web) == (tools.builds == builds)
        await building.build(nothing, web)
        assert (tools.builds, (web / "dist" / "index.html").read_text()) == (builds, text)
        assert building.is_built(web)
    (web / "DESIGN.md").write_text("what people read changes nothing")
    assert building.is_built(web)


async def test_of_two_that_build_at_once_one_does(web: Path, tools: Tools) -> None:
    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(building.build, nothing, web)
    assert tools.builds == 1


async def test_a_registry_that_is_away_is_told_in_one_line_and_leaves_what_was_built(web: Path) -> None:
    (web / "dist").mkdir()
    (web / "dist" / "index.html").write_text("as it was")
    with pytest.raises(SetUpError, match="the package registry cannot be reached") as fault:
        await building.build(nothing, web)
    assert "\n" not in str(fault.value)
    assert (web / "dist" / "index.html").read_text() == "as it was"


def test_the_lock_names_no_host_and_knows_every_package_by_its_hash() -> None:
    said = (building.WEB / "package-lock.json").read_text()
    assert "://" not in said
    packages = json.loads(said)["packages"]
    assert [name for name, each in packages.items() if name and not each.get("integrity")] == []
