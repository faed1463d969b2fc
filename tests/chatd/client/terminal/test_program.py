"""`python -m chatd.client` as a person meets it, in a terminal and in a pipe."""

from __future__ import annotations

import codecs
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from common import protocol
from tests.chatd.client.model import SOMEONE
from tests.chatd.client.world import PASSWORD, ROOM, World, problem

PATIENCE = 60  # a program starts in a second, and on a busy machine when it can
ARIN = {"MADANG_EMAIL": "arin@example.org", "MADANG_PASSWORD": PASSWORD}


def environment(world: World, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return {**kept, "MADANG_URL": world.url, "TERM": "xterm", "LANG": "C.UTF-8", "PYTHONUTF8": "1", **more}


class Terminal:
    """A pseudo-terminal of 80 by 24 with the program in it."""

    def __init__(self, ours: int, theirs: int) -> None:
        self._ours = ours
        self._theirs = theirs
        self._come = trio.Event()
        self.output = ""
        self.attributes = termios.tcgetattr(theirs)
        self.process: trio.Process

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    async def read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            await trio.lowlevel.wait_readable(self._ours)
            self.output += decoder.decode(os.read(self._ours, 65536))
            self._come.set()
            self._come = trio.Event()

    async def shows(self, text: str) -> None:
        """Wait until `text` is painted."""
        with trio.move_on_after(PATIENCE):
            while text not in (painted := re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.output)):
                await self._come.wait()
            return
        raise AssertionError(f"{text!r} never came in:\n{painted[-2000:]}")

    async def says(self, code: str) -> None:
        """Wait until `code`, which paints nothing, was sent to the terminal."""
        with trio.fail_after(PATIENCE):
            while code not in self.output:
                await self._come.wait()

    def look_away(self) -> None:
        """Forget what was painted so far."""
        self.output = ""

    def restored(self) -> bool:
        return termios.tcgetattr(self._theirs) == self.attributes


@asynccontextmanager
async def terminal(world: World, *arguments: str, **more: str) -> AsyncIterator[Terminal]:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    it = Terminal(ours, theirs)
    command = [sys.executable, "-m", "chatd.client", *arguments]
    try:
        async with trio.open_nursery() as nursery:
            it.process = await trio.lowlevel.open_process(
                command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(world, **more)
            )
            nursery.start_soon(it.read)
            try:
                yield it
            finally:
                it.process.kill()
                with trio.CancelScope(shield=True):
                    await it.process.wait()
            nursery.cancel_scope.cancel()
    finally:
        os.close(ours)
        os.close(theirs)


async def test_an_evening(world: World) -> None:
    world.model.say(ROOM, "어서 와요")
    async with terminal(world, "--room", "ABC123", "--language", "ko", **ARIN) as it:
        await it.shows("보라 어서 와요")
        await it.shows("연결됨")
        it.type("안녕하")
        it.type("\x7f하세요\r")
        await it.shows("아린 안녕하세요 ✓")
        assert world.model.texts(ROOM) == ["어서 와요", "안녕하세요"]
        it.type("/who\r")
        await it.shows("참여자 (2명 중 1명 온라인): ● 아린, ○ 보라")
        it.type("\x03")
        with trio.fail_after(PATIENCE):
            assert await it.process.wait() == 0
        assert it.restored()
        await it.says("\x1b[?1049l")


async def test_the_timer_and_who_is_in_the_call_stand_in_the_status_line(world: World) -> None:
    peers = [protocol.CallPeer(peer, SOMEONE, mic=True, camera=False, joined_at=1) for peer in ("p1", "p2")]
    world.model.calls[ROOM] = protocol.CallNow(version=2, peers=peers)
    async with terminal(world, "--room", "ABC123", "--language", "en", **ARIN) as it:
        await it.shows("☎ 보라 ·")
        it.type("/timer soon\r")
        await it.shows("/timer needs a length")
        it.type("/timer 25\r")
        await it.shows("아린 started the timer: 25:00")
        await it.shows("⏱ 24:")
        it.type("/timer pause\r")
        await it.shows("아린 paused the timer")
        await it.shows("⏸ 24:")
        it.type("/timer resume\r")
        await it.shows("아린 let the timer run on")
        it.look_away()
        it.type("/timer reset\r")
        await it.shows("아린 took the timer away")
        await it.shows(" · ☎ 보라 · 1 online")
        changes = [event.change for event in world.model.logs[ROOM] if isinstance(event, protocol.Timer)]
        assert changes == ["started", "paused", "resumed", "reset"]


async def test_what_became_of_a_message_is_shown_with_it(world: World) -> None:
    world.model.say(ROOM, "점심?")
    async with terminal(world, "--room", "ABC123", "--language", "en", **ARIN) as it:
        await it.shows("보라 점심?")
        it.type("/reply 네\r")
        await it.shows("↳ 보라: 점심?")
        await it.shows("아린 네 ✓")
        it.type("/react #1 👍\r")
        await it.shows("👍 1  replies: 1")
        it.type("/pin #1\r")
        await it.shows("📌  👍 1")
        it.type("/edit 좋아요\r")
        await it.shows("아린 좋아요 ✓")
        await it.shows("edited")
        it.look_away()
        it.type("/numbers\r")
        await it.shows("#2 아린 좋아요")
        it.type("/edit #9 x\r")
        await it.shows("There is no such message here.")
        it.type("/react #2\r")
        await it.shows("/react needs an emoji.")
        it.type("/delete\r")
        await it.shows("message deleted")
        it.look_away()
        it.type("/react #1 👍\r")
        await it.shows("📌  replies: 1")
        kinds = [type(event).__name__ for event in world.model.logs[ROOM]]
        assert kinds == [
            "Message", "Message", "Reaction", "Pin", "MessageEdited", "MessageDeleted", "Reaction",
        ]  # fmt: skip


def marked(world: World, mseq: int) -> bool:
    return any(isinstance(each, protocol.ReadMark) and each.mseq == mseq for each in world.model.done)


async def test_who_types_and_who_has_read_is_shown_and_names_after_an_at_are_mentions(world: World) -> None:
    world.model.say(ROOM, "점심?")
    async with terminal(world, "--room", "ABC123", "--language", "ko", **ARIN) as it:
        await it.shows("보라 점심?")
        (peer,) = world.peers
        await peer.push(protocol.Typing(room=ROOM, user=SOMEONE, on=True, expires_in_ms=600_000))
        await it.shows("보라님이 입력하는 중")
        it.type("@보라님 저기요\r")
        await it.shows("저기요 ✓")
        it.look_away()
        await peer.push(
            protocol.Typing(room=ROOM, user=SOMEONE, on=False),
            protocol.Read(room=ROOM, user=SOMEONE, mseq=2),
        )
        await it.shows("읽음 1")
        with trio.fail_after(PATIENCE):
            while not marked(world, 2):  # noqa: ASYNC110 - in another process
                await trio.sleep(0.02)
        kinds = [type(each) for each in world.model.done]
        assert kinds.count(protocol.TypingSet) == 1, "however many keys were pressed"
        (said,) = [each for each in world.model.done if isinstance(each, protocol.MessageSend)]
        assert said.mentions == [SOMEONE]


async def test_a_room_says_something_by_itself_in_the_language_of_who_reads(world: World) -> None:
    world.model.tell(
        protocol.Message(
            seq=1, at=1, room=ROOM, mseq=1, sender="", client_id="c" * 8, text="수업이 열렸습니다.", kind="system",
            system=protocol.SystemWord("class_opened", {"title": "자료구조"}),
        )
    )  # fmt: skip
    async with terminal(world, "--room", "ABC123", "--language", "en", **ARIN) as it:
        await it.shows("(room) The class “자료구조” is open.")


async def test_a_new_name_a_notice_and_a_badge_are_shown_when_they_are_heard(world: World) -> None:
    world.model.say(ROOM, "점심?")
    async with terminal(world, "--room", "ABC123", "--language", "ko", **ARIN) as it:
        await it.shows("보라 점심?")
        (peer,) = world.peers
        await peer.push(protocol.Profile(user=SOMEONE, nickname="바다"))
        await it.shows("바다 점심?")
        notice = protocol.Notice(
            notice="n", change="published", pinned=False, ko="점검 안내", en="Maintenance", at=0
        )
        await peer.push(notice)
        await it.shows("공지: 점검 안내")
        await peer.push(protocol.PersonalBadge(badge="b", ko="책벌레", en="Bookworm", change="awarded", at=0))
        await it.shows("배지를 받았습니다: 책벌레")


async def test_a_replica_is_lost_and_nothing_else(world: World) -> None:
    async with terminal(world, "--room", "마당", "--language", "en", **ARIN) as it:
        await it.shows("You are in 마당.")
        world.refusing = True
        await world.peers[0].drop()
        await it.shows("○ ")
        it.type("while away\r")
        await it.shows("while away …")
        await it.shows("1 unsent")
        world.refusing = False
        await it.shows("while away ✓")
        assert world.model.texts(ROOM) == ["while away"]


async def test_leaving_with_something_unsent_says_so(world: World) -> None:
    async with terminal(world, "--room", "마당", "--language", "en", **ARIN) as it:
        await it.shows("You are in 마당.")
        world.refusing = True
        await world.peers[0].drop()
        await it.shows("○ ")
        it.type("too late\r")
        await it.shows("too late …")
        it.type("/quit\r")
        await it.shows("1 unsent, and given up.")
        with trio.fail_after(PATIENCE):
            assert await it.process.wait() == 0


async def test_signing_up_by_hand(world: World) -> None:
    async with terminal(world, "--language", "en") as it:
        for question, answer in (
            ("type new to sign up", "new"),
            ("Phone number:", "010-1234-5678"),
            ("the code is 424242", ""),
            ("E-mail:", "bora@example.org"),
            ("Nickname:", "bora"),
            ("Name:", "Bora"),
            ("Password:", "swordfish-and-chips"),
        ):
            await it.shows(question)
            it.type(f"{answer}\r")
        await it.shows("Welcome, bora!")
        assert "swordfish" not in it.output
        await it.shows("  1  마당 · 2 members · 3 unread")
        it.type("1\r")
        await it.shows("You are in 마당.")
        it.type("\x04")
        with trio.fail_after(PATIENCE):
            assert await it.process.wait() == 0


async def test_a_revoked_session_ends_with_a_sentence(world: World) -> None:
    async with terminal(world, "--room", "ABC123", **ARIN) as it:
        await it.shows("● connected")
        refusal = problem("session_revoked", "This session was ended.")
        world.answers["POST", "/api/v1/sessions/refresh"] = (401, refusal)
        await world.peers[0].close(4503)
        with trio.fail_after(PATIENCE):
            assert await it.process.wait() == 1
        await it.shows("This session was ended.")
        assert it.restored()


async def pipe(world: World, text: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    with trio.fail_after(PATIENCE):
        return await trio.run_process(
            [sys.executable, "-m", "chatd.client", *arguments],
            stdin=text.encode(),
            capture_stdout=True,
            capture_stderr=True,
            check=False,
            env=environment(world, **more),
        )


async def test_a_pipe_sends_each_line_and_ends_when_all_are_stored(world: World) -> None:
    lines = [f"줄 {number}" for number in range(40)]
    ended = await pipe(world, "\n".join(lines), "--room", ROOM, **ARIN)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert world.model.texts(ROOM) == lines


async def test_a_pipe_can_stay_and_listen(world: World) -> None:
    async with trio.open_nursery() as nursery:
        command = [sys.executable, "-m", "chatd.client", "--room", ROOM, "--stay"]
        process = await trio.lowlevel.open_process(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(world, **ARIN)
        )
        with trio.fail_after(PATIENCE):
            await world.model.listened_to(ROOM)
            world.model.say(ROOM, "news\x1b[2J")
            assert process.stdout is not None
            heard = bytes(await process.stdout.receive_some())
            process.terminate()
            assert await process.wait() == 0
        nursery.cancel_scope.cancel()
    assert re.fullmatch(r"\d\d:\d\d 보라: news\ufffd\[2J\n", heard.decode())


async def test_a_pipe_says_what_is_missing_or_wrong(world: World) -> None:
    assert b"MADANG_PASSWORD" in (await pipe(world, "hi\n")).stderr
    refused = await pipe(world, "hi\n", "--room", ROOM, **{**ARIN, "MADANG_PASSWORD": "no"})
    assert (refused.returncode, refused.stderr) == (1, b"E-mail or password is wrong.\n")
    lost = await pipe(world, "hi\n", "--room", "ZZZ999", "--language", "ko", **ARIN)
    assert (lost.returncode, lost.stderr.decode()) == (1, "그런 방이 없습니다.\n")
