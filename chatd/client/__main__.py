"""`python -m chatd.client`: a terminal to talk in, or a pipe."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import trio

from chatd.client.api import Api
from chatd.client.client import open_client
from chatd.client.errors import (
    ClientError,
    CommandFailed,
    RoomClosed,
    Stopped,
)
from chatd.client.terminal.desk import Desk
from chatd.client.terminal.entrance import enter
from chatd.client.terminal.options import Options, read_options
from chatd.client.terminal.plain import Plain
from chatd.client.terminal.rooms import find_room
from chatd.client.terminal.talk import Talk
from chatd.client.terminal.words import say
from chatd.client.tokens import Session
from common.errors import Language

WRONG_USE = 2  # the exit status, as argparse has it


async def sit_down(options: Options, url: str) -> None:
    """The full-screen chat. Raises what ends it, in a group."""
    desk = Desk(options.language, colour=options.colour)
    with desk.window.raw():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.window.run)
            nursery.start_soon(_repaint_on_resize, desk)
            nursery.start_soon(desk.run)
            nursery.start_soon(_talk, desk, options, url)
            await desk.gone.wait()
            nursery.cancel_scope.cancel()
    unsent = len(desk.transcript.sent)
    if unsent:
        _complain(say(options.language, "given up", count=unsent), 0)


async def _talk(desk: Desk, options: Options, url: str) -> None:
    session = await enter(desk, Api(url, options.language), options.email, options.password)
    async with open_client(options.sockets, session, language=options.language) as client:
        await Talk(desk, session, client).run(options.room)


async def _repaint_on_resize(desk: Desk) -> None:
    with trio.open_signal_receiver(signal.SIGWINCH) as resized:
        async for _ in resized:
            desk.window.repaint()


async def pass_through(options: Options, url: str) -> None:
    """The pipe. Raises what ends it early, in a group or alone."""
    session = Session(Api(url, options.language), options.email or "", options.password or "")
    await session()
    room = await find_room(session, options.room or "", [])
    if room is None:
        raise RoomClosed(options.room or "", "room_not_found")
    async with open_client(options.sockets, session, language=options.language) as client:
        await Plain(client, session, options.language).run(room.id, stay=options.stay)


async def run(options: Options) -> int:
    """The chat that fits where we run; the exit status."""
    if options.url is None:
        return _complain(say(options.language, "no url"), WRONG_USE)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if not at_terminal and not (options.email and options.password and options.room):
        return _complain(say(options.language, "needs terminal"), WRONG_USE)
    faults: list[ClientError] = []
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end_on_signal, nursery.cancel_scope)
            await (sit_down if at_terminal else pass_through)(options, options.url)
            nursery.cancel_scope.cancel()
    except* ClientError as group:
        faults.extend(_leaves(group))
    for fault in faults[:1]:
        return _complain(_sentence(fault, options.language), 1)
    return 0


async def _end_on_signal(scope: trio.CancelScope) -> None:
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
        async for _ in signals:
            scope.cancel()
            return


def _sentence(fault: ClientError, language: Language) -> str:
    match fault:
        case Stopped() | RoomClosed():
            return fault.sentence(language)
        case CommandFailed():
            return fault.message
        case _:
            return str(fault)


def _leaves(group: BaseExceptionGroup[ClientError]) -> Iterator[ClientError]:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            yield from _leaves(fault)
        else:
            yield fault


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(sentence + "\n")
    return status


def main() -> int:
    """The program."""
    return trio.run(run, read_options(sys.argv[1:], os.environ))


if __name__ == "__main__":
    sys.exit(main())
