"""What people do together in a room, each at a page of their own: they see and hear each other, and read the same time."""

from __future__ import annotations

import os
import signal
from typing import Final

import pytest

from tests.browser.visitor import Visitor, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

# Whether the other's picture has colours and moves.
_MOVES: Final = """(async () => {
  const video = document.querySelector(".tile:not(.tile-own) video:not(.tile-unseen)");
  const seen = () => {
    if (!video || video.readyState < 2) return null;
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 64, 48);
    return Array.from(context.getImageData(0, 0, 64, 48).data);
  };
  const before = seen();
  if (!before) return false;
  await new Promise((awake) => setTimeout(awake, 400));
  const after = seen();
  const bright = after.filter((value, place) => place % 4 < 3 && value > 40).length;
  const changed = after.filter((value, place) => Math.abs(value - before[place]) > 20).length;
  return bright > 500 && changed > 10;
})()"""
_VIDEO: Final = 'document.querySelector(".tile:not(.tile-own) video").srcObject'
_REMEMBER: Final = f"void (window.before = {_VIDEO})"
_SAME: Final = f"window.before === {_VIDEO}"
_OWN: Final = 'document.querySelector(".tile-own video").srcObject'
# The last one of the devices that can be chosen, as soon as there are several.
_CHOOSES: Final = """(() => {
  const label = [...document.querySelectorAll("dialog label")].find((each) => each.textContent === "LABEL");
  if (!label || label.control.options.length < 2) return false;
  label.control.selectedIndex = label.control.options.length - 1;
  label.control.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
})()"""
_CLOCK: Final = "document.querySelector('.timer-clock')?.textContent"


@pytest.fixture
def room(yard: Yard) -> str:
    """A room of two people of the demo, made for one test."""
    with logged_in(yard, "하늘") as haneul, logged_in(yard, "바다") as bada:
        made = haneul.post("/api/v1/rooms", json={"title": "함께 공부하는 방"}).json()["id"]
        assert bada.post(f"/api/v1/rooms/{made}/join", json={}).is_success
    return str(made)


async def comes(chromium: Chromium, yard: Yard, name: str, room: str) -> Visitor:
    """Somebody of the demo, in the room."""
    visitor = await enter(chromium, yard, name, f"/rooms/{room}")
    await visitor.looks(theme="light", width=1280, height=800)
    await visitor.finds(".room")
    return visitor


async def test_two_pages_see_each_others_moving_picture_until_one_leaves_though_the_replicas_die(
    chromium: Chromium, yard: Yard, room: str
) -> None:
    haneul = await comes(chromium, yard, "하늘", room)
    bada = await comes(chromium, yard, "바다", room)
    await haneul.presses("통화 시작하기")
    await haneul.presses("들어가기")
    await bada.sees("1명이 통화하고 있어요")
    await bada.presses("들어가기")
    await bada.finds("dialog[open]")
    await bada.page.run("document.querySelector('dialog .button-primary').click()")
    await haneul.page.until(_MOVES)
    await bada.page.until(_MOVES)

    await bada.presses("카메라 끄기")
    await bada.presses("마이크 끄기")
    await haneul.finds(".tile:not(.tile-own) .tile-unseen")
    await haneul.finds(".tile:not(.tile-own) .tile-mic")
    await bada.presses("카메라 켜기")
    await haneul.page.until(_MOVES)

    await bada.presses("표정 보내기")
    assert await bada.violations() == []
    await bada.presses("기뻐요")
    await haneul.hears("😄")
    await haneul.page.until("!document.querySelector('.tile-emoji')")
    await bada.presses("이모지 더 보기")
    await bada.presses("🍜")
    await haneul.hears("🍜")
    await bada.presses("표정 보내기")

    await bada.presses("기기 고르기")
    await bada.page.until(_CHOOSES.replace("LABEL", "카메라"))
    assert await bada.violations() == []
    await bada.page.until(
        f"{_OWN}.getVideoTracks()[0].getSettings().deviceId === localStorage['madang.camera']"
    )
    await bada.presses("닫기")
    await haneul.page.until(_MOVES)

    await haneul.goes("/people")
    await haneul.presses("통화로 돌아가기")
    await haneul.page.until(_MOVES)
    await bada.page.until(_MOVES)

    await haneul.page.run(_REMEMBER)
    for replica in yard.replicas():
        os.kill(replica, signal.SIGKILL)
    await haneul.page.until(_MOVES)
    await bada.presses("마이크 켜기")
    await haneul.page.until("!document.querySelector('.tile:not(.tile-own) .tile-mic')")
    await haneul.page.until(_MOVES)
    assert await haneul.page.run(_SAME), "the peers were torn down"

    await bada.presses("통화에서 나가기")
    await haneul.page.until("document.querySelectorAll('.tile').length === 1")
    await haneul.presses("통화에서 나가기")
    await bada.page.until("!document.querySelector('.stage')")
    assert [*await haneul.complaints(), *await bada.complaints()] == []


async def test_the_timer_shows_everybody_the_same_time_until_it_is_turned_off(
    chromium: Chromium, yard: Yard, room: str
) -> None:
    haneul = await comes(chromium, yard, "하늘", room)
    await haneul.presses("타이머 맞추기")
    await haneul.presses("10분")
    await haneul.presses("시작")
    await haneul.page.until(f"/^9:\\d\\d$/.test({_CLOCK})")
    bada = await comes(chromium, yard, "바다", room)
    await bada.finds(".timer-clock")
    await bada.presses("잠깐 멈추기")
    for visitor in (haneul, bada):
        await visitor.sees("멈춰 있음")
    stood = await haneul.page.run(_CLOCK)
    assert stood == await bada.page.run(_CLOCK)
    await haneul.presses("다시 가기")
    await bada.page.until(f"{_CLOCK} !== {stood!r} && !document.querySelector('.timer-paused')")
    await bada.presses("타이머 끄기")
    await haneul.page.until("!document.querySelector('.timer')")
    assert [*await haneul.complaints(), *await bada.complaints()] == []
