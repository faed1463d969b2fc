"""A headless Chromium with a fake camera and microphone, driven over its DevTools protocol.

    async with open_chromium(folder) as chromium:
        page = await chromium.open("http://127.0.0.1:8000/")
        assert await page.run("1 + 1") == 2

It is Debian's `chromium`, or what `CHROMIUM` names; where there is none, what asks for one fails and says so.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import msgspec
import trio
from trio_websocket import WebSocketConnection, open_websocket_url

OPTIONS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream=device-count=3",  # the second is black and white, and no browser encodes that
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--remote-debugging-port=0",
)
PATIENCE: Final = 60
_MOST: Final = 1 << 24  # bytes of one DevTools message


class Refused(Exception):
    """The browser's own words for why it did not do what it was asked, or what broke in the page's script."""


class Page:
    """A page of its own."""

    def __init__(self, devtools: WebSocketConnection) -> None:
        self._devtools = devtools
        self._ids = itertools.count(1)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a DevTools command; what happens meanwhile is passed over."""
        number = next(self._ids)
        asked = {"id": number, "method": method, "params": params}
        await self._devtools.send_message(msgspec.json.encode(asked).decode())
        with trio.fail_after(PATIENCE):
            while (told := msgspec.json.decode(await self._devtools.get_message())).get("id") != number:
                pass
        if "error" in told:
            raise Refused(told["error"])
        result: dict[str, Any] = told["result"]
        return result

    async def run(self, script: str) -> Any:
        """The value of an expression in the page, once it is settled."""
        done = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise Refused(done["exceptionDetails"])
        return done["result"].get("value")

    async def until(self, script: str) -> Any:
        """The value of an expression, once it is true. What it asks of may be on its way still, or the page itself: until then
        an expression breaks."""
        last: Any = None
        with trio.move_on_after(PATIENCE):
            while True:
                try:
                    if last := await self.run(script):
                        return last
                except Refused as refused:
                    last = refused
                await trio.sleep(0.1)
        raise AssertionError(f"not true in {PATIENCE} s, but {last!r}: {script}\n{await self._shown()}")

    async def _shown(self) -> Any:
        return await self.run("location.href + '\\n' + document.body?.innerText")


class Chromium:
    """A browser."""

    def __init__(self, port: int, browser: str, nursery: trio.Nursery) -> None:
        self._port = port
        self._browser = browser
        self._nursery = nursery

    async def open(self, url: str) -> Page:
        """A new page, loaded."""
        made = await trio.to_thread.run_sync(self._new_target)
        return await self._loaded(made["webSocketDebuggerUrl"], url)

    async def open_apart(self, url: str, *, prepare: str = "") -> Page:
        """A new page, loaded, with cookies and a storage of its own: as of somebody else. `prepare` is run in it before any
        script of its own, whenever it is loaded."""
        browser = await self._devtools(self._browser)
        context = (await browser.ask("Target.createBrowserContext"))["browserContextId"]
        made = await browser.ask("Target.createTarget", url="about:blank", browserContextId=context)
        return await self._loaded(f"/devtools/page/{made['targetId']}", url, prepare)

    async def _loaded(self, devtools: str, url: str, prepare: str = "") -> Page:
        page = await self._devtools(devtools)
        await page.ask("Page.enable")
        await page.ask("Emulation.setFocusEmulationEnabled", enabled=True)  # each is looked at by somebody
        if prepare:
            await page.ask("Page.addScriptToEvaluateOnNewDocument", source=prepare)
        await page.ask("Page.navigate", url=url)
        await page.until("document.readyState === 'complete' && location.href !== 'about:blank'")
        return page

    async def _devtools(self, url: str) -> Page:
        page: Page = await self._nursery.start(self._attach, urljoin(f"ws://127.0.0.1:{self._port}", url))
        return page

    def _new_target(self) -> Any:
        asked = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return msgspec.json.decode(answer.read())

    async def _attach(self, url: str, *, task_status: trio.TaskStatus[Page]) -> None:
        async with open_websocket_url(url, max_message_size=_MOST) as devtools:
            task_status.started(Page(devtools))
            await trio.sleep_forever()


@asynccontextmanager
async def open_chromium(folder: Path) -> AsyncIterator[Chromium]:
    """A browser with its profile in `folder`, ended with the block."""
    process = _start(folder)
    try:
        said = folder / "DevToolsActivePort"
        with trio.fail_after(PATIENCE):
            while not said.exists() or "\n" not in said.read_text():  # noqa: ASYNC110 - of another process
                await trio.sleep(0.05)
        async with trio.open_nursery() as nursery:
            port, browser = said.read_text().split("\n")[:2]
            yield Chromium(int(port), browser, nursery)
            nursery.cancel_scope.cancel()
    finally:
        _end(process)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "this needs Debian's chromium (apt-get install chromium), or CHROMIUM to name one"
    with (folder / "chromium.log").open("wb") as log:
        return subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={folder}", "about:blank"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole group: a browser is many processes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
