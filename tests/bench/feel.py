"""How the web app feels: what is fetched, when something is seen, and whether typing waits while others talk.

    .venv/bin/python tests/bench/feel.py

All of Madang with its demo, in a real Chromium on the same machine. *First paint* is the browser's own figure, with nothing
cached; *typing* is the time from a key to the picture that shows it (Event Timing: steps of 8 ms), while five others say
`--rate` messages a second together in the room that is looked at. Prints a table and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import trio

from chatd.client import Room
from control.web.site import read_site
from deploy import web
from tests.bench import harness
from tests.bench.harness import number
from tests.browser.rooms import a_room_of, comes_in, heard_by
from tests.browser.visitor import Visitor, enter, open_visitor
from tests.support.chromium import Chromium, open_chromium
from tests.support.yard import Yard, open_yard

TALKERS: Final = ("바다", "노을", "나무", "River", "Maple")
KEYS_PER_S: Final = 8.0
SEEN: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
WATCH: Final = """
window.keys = []; window.blocked = [];
new PerformanceObserver((list) => keys.push(...list.getEntries().filter((each) => each.name === "keydown").map(
    (each) => each.duration))).observe({ type: "event", durationThreshold: 16 });
new PerformanceObserver((list) => blocked.push(...list.getEntries().map((each) => each.duration))).observe({ type: "longtask" });
"""


def weight() -> dict[str, int]:
    """Bytes of what the page begins with, compressed."""
    site = read_site(web.WEB / "dist")
    assert site is not None
    asked = set(re.findall(r'"(/assets/[^"]+)"', site.index.body.decode()))
    return {
        kind: sum(len(site.files[name].form("gzip")[1]) for name in asked if name.endswith(f".{kind}"))
        for kind in ("js", "css")
    }


async def first_paint(visitor: Visitor, times: int) -> float:
    """Milliseconds from a reload with nothing cached to the first thing seen, the median of some."""
    await visitor.page.ask("Network.enable")
    await visitor.page.ask("Network.setCacheDisabled", cacheDisabled=True)
    found = []
    for _ in range(times):
        await visitor.page.ask("Page.reload", ignoreCache=True)
        found.append(float(await visitor.page.until(SEEN)))
        await visitor.page.until("document.readyState === 'complete'")
    return median(found)


async def talk(room: Room, rate: float) -> None:
    number = 0
    while True:
        number += 1
        await room.send(f"{number}번째로 하는 말이에요. 저녁에 같이 걸어요.")
        await trio.sleep(1 / rate)


async def press_keys(visitor: Visitor, times: int) -> None:
    for _ in range(times):
        for kind in ("keyDown", "keyUp"):
            text = {"text": "a"} if kind == "keyDown" else {}
            await visitor.page.ask("Input.dispatchKeyEvent", type=kind, key="a", code="KeyA", **text)
        await trio.sleep(1 / KEYS_PER_S)


async def typing(
    chromium: Chromium, yard: Yard, rate: float, seconds: float
) -> tuple[list[float], list[float]]:
    """From key to picture, and how long the page was busy at a time when that was long, both in milliseconds."""
    room = await a_room_of(yard, "하늘", *TALKERS)
    visitor = await comes_in(chromium, yard, "하늘", room)
    await visitor.page.run(WATCH)
    await visitor.finds(".composer-text")
    await visitor.page.run("document.querySelector('.composer-text').focus()")
    async with AsyncExitStack() as stack:
        heard = [await stack.enter_async_context(heard_by(yard, each, room)) for each in TALKERS]
        async with trio.open_nursery() as nursery:
            if rate > 0:
                for each in heard:
                    nursery.start_soon(talk, each, rate / len(TALKERS))
            await press_keys(visitor, round(seconds * KEYS_PER_S))
            nursery.cancel_scope.cancel()
    pressed = round(seconds * KEYS_PER_S)
    late: list[float] = await visitor.page.run("keys")
    return [*late, *[16.0] * (pressed - len(late))], await visitor.page.run("blocked")


async def measure(yard: Yard, profile: Path, options: argparse.Namespace) -> dict[str, Any]:
    async with open_chromium(profile) as chromium:
        stranger = await open_visitor(chromium, yard.url, path="/login")
        figures: dict[str, Any] = {
            **{f"{kind}_bytes": size for kind, size in weight().items()},
            "login_paint_ms": await first_paint(stranger, options.times),
            "home_paint_ms": await first_paint(await enter(chromium, yard, "바다"), options.times),
        }
        for name, rate in (("quiet", 0.0), ("busy", options.rate)):
            keys, blocked = await typing(chromium, yard, rate, options.seconds)
            cuts = quantiles(keys, n=100, method="inclusive")
            figures |= {f"{name}_key_p50_ms": cuts[49], f"{name}_key_p99_ms": cuts[98]}
            figures |= {f"{name}_longest_task_ms": max(blocked, default=0.0)}
    return figures


ROWS: Final = (
    ("js_bytes", "scripts that the page begins with, gzip, bytes"),
    ("css_bytes", "styles, the same"),
    ("login_paint_ms", "first paint for a stranger, ms"),
    ("home_paint_ms", "first paint of home, ms"),
    ("quiet_key_p50_ms", "key → picture in a quiet room, median, ms (16 or less are 16)"),
    ("quiet_key_p99_ms", "the same, p99"),
    ("quiet_longest_task_ms", "the longest the page was busy at a time, ms (none above 50 is 0)"),
    ("busy_key_p50_ms", "key → picture while others talk, median, ms"),
    ("busy_key_p99_ms", "the same, p99"),
    ("busy_longest_task_ms", "the longest the page was busy at a time, ms"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second in the room")
    parser.add_argument("--seconds", type=float, default=10.0, help="of typing")
    parser.add_argument("--times", type=int, default=5, help="loads of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as place:
        Path(place).chmod(0o711)  # PostgreSQL may run under another account
        profile = Path(place) / "chromium"
        profile.mkdir()
        with open_yard(Path(place), {}) as yard:
            figures = trio.run(measure, yard, profile, options)
    print(f"{options.rate:g} messages a second; {harness.machine()}")
    for key, words in ROWS:
        print(f"{words:<68} {number(figures[key]):>10}")
    print(json.dumps({"bench": "feel", "unit": "ms", "ours": figures["home_paint_ms"], "figures": figures}))


if __name__ == "__main__":
    main()
