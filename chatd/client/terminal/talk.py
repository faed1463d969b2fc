"""The talk itself: which room one is in, what a line that was typed means, what the server tells besides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import trio

from chatd.client.api import ApiUnavailable
from chatd.client.api import Room as RoomInfo
from chatd.client.client import Client
from chatd.client.errors import CommandFailed, TokenRefused, TokenUnavailable
from chatd.client.terminal.besides import line_of
from chatd.client.terminal.changes import CHANGES, Missing, Reply, change_in
from chatd.client.terminal.desk import Desk
from chatd.client.terminal.people import Names
from chatd.client.terminal.place import Place
from chatd.client.terminal.rooms import find_room
from chatd.client.terminal.standing import Standing
from chatd.client.terminal.together import DEEDS, length_in
from chatd.client.terminal.transcript import Transcript
from chatd.client.terminal.words import say
from chatd.client.tokens import Session
from common import protocol
from common.clock import now_ms
from common.units import SECONDS

_TICK: Final = 0.5 * SECONDS  # of the countdown while reconnecting
_NAMED: Final = 3  # of those who type
_NOTICED: Final = 5 * SECONDS  # an absence that is worth a line


class Talk:
    """One person's talk at one desk."""

    def __init__(self, desk: Desk, session: Session, client: Client) -> None:
        self._desk = desk
        self._session = session
        self._client = client
        self._names = Names(session, desk.window.touch)
        self._standing = Standing(desk.language)
        self._place: Place | None = None
        self._numbered: list[RoomInfo] = []
        self._ahead = 0  # milliseconds by which the server's clock is before ours
        desk.name_of = self._names.name_of
        desk.status = self._status
        desk.wants_older = self._wants_older
        desk.composing = self._composing
        self._commands: Final[dict[str, Callable[[str], Awaitable[None]]]] = {
            "/help": self._help,
            "/rooms": self._rooms,
            "/join": self._join,
            "/create": self._create,
            "/leave": self._leave,
            "/who": self._who,
            "/history": self._history,
            "/timer": self._timer,
            "/numbers": self._numbers,
            **{name: partial(self._change, name) for name in CHANGES},
        }

    async def run(self, room: str | None) -> None:
        """Enter `room`, or list mine; then deal with what is typed and what happens. Runs until cancelled.

        Raises `Stopped`, in a group, when the server forbids coming back.
        """
        async with trio.open_nursery() as self._nursery:
            self._nursery.start_soon(self._names.run)
            self._nursery.start_soon(self._hear_news)
            self._nursery.start_soon(self._tick)
            await self._carry_out(self._join if room else self._rooms, room or "")
            async for line in self._desk.lines:
                await self._deal_with(line)

    # --- what was typed -----------------------------------------------------------------------------------------------

    async def _deal_with(self, line: str) -> None:
        command, _, rest = line.strip().partition(" ")
        if command in self._commands:
            await self._carry_out(self._commands[command], rest.strip())
        elif command.startswith("/") and "/" not in command[1:]:
            self._desk.tell("unknown command", command=command)
        elif self._place is None:
            await self._carry_out(self._join, line)
        else:
            self._say(self._place, line)

    def _say(self, place: Place, text: str, reply_to: int | None = None) -> None:
        follow = place.say(text, reply_to)
        if follow is not None:
            self._nursery.start_soon(follow)

    async def _change(self, name: str, rest: str) -> None:
        """A command about a message: it goes on its way, and what becomes of it comes as an event."""
        place = self._here()
        if place is None:
            return
        match change_in(name, rest, place.transcript):
            case Missing("a message"):
                self._desk.tell("no such message")
            case Missing(what):
                self._desk.tell("needs", command=name, what=self._sentence(what))
            case Reply(of, text):
                self._say(place, text, of)
            case change:
                self._nursery.start_soon(place.change, change)

    async def _timer(self, rest: str) -> None:
        """Do something to the room's timer; what becomes of it comes as an event."""
        place = self._here()
        if place is None:
            return
        deed = rest if rest in DEEDS else length_in(rest)
        if deed is None:
            self._desk.tell("needs", command="/timer", what=self._sentence("a length"))
        else:
            self._nursery.start_soon(place.keep_time, deed)

    async def _numbers(self, _rest: str) -> None:
        self._desk.numbers = not self._desk.numbers
        self._desk.window.touch()

    async def _carry_out(self, command: Callable[[str], Awaitable[None]], rest: str) -> None:
        try:
            await command(rest)
        except CommandFailed as refused:
            self._desk.tell_text(refused.message)
        except (ApiUnavailable, TokenUnavailable, TokenRefused) as fault:
            self._desk.tell_text(str(fault))

    async def _help(self, _rest: str) -> None:
        self._desk.help()

    async def _rooms(self, _rest: str) -> None:
        self._numbered = await self._session.api.my_rooms(await self._session.access())
        if not self._numbered:
            self._desk.tell("no rooms")
            return
        self._desk.tell("rooms")
        for number, room in enumerate(self._numbered, 1):
            unread = f" · {self._sentence('unread', count=room.unread)}" if room.unread else ""
            members = self._sentence("members", count=room.member_count)
            self._desk.tell_text(f"{number:3}  {room.called(self._desk.language)} · {members}{unread}")
        self._desk.tell("how to enter" if self._place is None else "how to change")

    async def _join(self, rest: str) -> None:
        if not rest:
            self._desk.tell("needs", command="/join", what=self._sentence("a code"))
            return
        found = await find_room(self._session, rest, self._numbered)
        if found is None:
            self._desk.tell("no such room", room=rest)
        else:
            await self._enter(found)

    async def _create(self, rest: str) -> None:
        if not rest:
            self._desk.tell("needs", command="/create", what=self._sentence("a title"))
            return
        await self._enter(await self._session.api.create_room(await self._session.access(), rest))

    async def _leave(self, _rest: str) -> None:
        place = self._here()
        if place is not None:
            await self._session.api.leave(await self._session.access(), place.info.id)
            self._go_out(place)
            self._desk.tell("left room", title=place.info.called(self._desk.language))

    async def _who(self, _rest: str) -> None:
        place = self._here()
        if place is not None:
            members = await self._session.api.members(await self._session.access(), place.info.id)
            online = {member.id for member in members} & self._client.online
            names = ", ".join(f"{'●' if each.id in online else '○'} {each.nickname}" for each in members)
            self._desk.tell("who", online=len(online), count=len(members), names=names)

    async def _history(self, _rest: str) -> None:
        place = self._here()
        if place is not None and place.transcript.whole:
            self._desk.tell("beginning")
        elif place is not None:
            await place.load_older()
            self._desk.page_up()

    def _here(self) -> Place | None:
        if self._place is None:
            self._desk.tell("not in a room")
        return self._place

    def _sentence(self, key: str, **values: object) -> str:
        return say(self._desk.language, key, **values)

    # --- rooms --------------------------------------------------------------------------------------------------------

    async def _enter(self, found: RoomInfo) -> None:
        if self._place is not None:
            if self._place.info.id == found.id:
                return
            self._go_out(self._place)
        info = await self._session.api.room(await self._session.access(), found.id)
        members = await self._session.api.members(await self._session.access(), found.id)
        room = await self._client.open_room(info.id)
        place = Place(
            info,
            room,
            self._names,
            self._desk.language,
            self._desk.window.touch,
            me=self._session.user,
            members=members,
        )
        await place.load_newest()
        self._place = place
        self._desk.show(place.transcript)
        self._desk.tell("entered", title=info.called(self._desk.language))
        if info.join_code:
            self._desk.tell("code", code=info.join_code)
        self._nursery.start_soon(self._be_in, place)

    def _go_out(self, place: Place) -> None:
        self._place = None
        place.room.close()
        self._desk.show(Transcript())

    async def _be_in(self, place: Place) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(place.read)
            closed = await place.hear()
            nursery.cancel_scope.cancel()
        if closed is not None and closed.code is not None:
            self._go_out(place)
            why = closed.sentence(self._desk.language)
            self._desk.tell("room closed", title=place.info.called(self._desk.language), why=why)

    def _wants_older(self) -> None:
        if self._place is not None:
            self._nursery.start_soon(self._place.load_older)

    def _composing(self) -> None:
        if self._place is not None:
            self._nursery.start_soon(self._place.type, trio.current_time())

    # --- what happens besides -----------------------------------------------------------------------------------------

    async def _hear_news(self) -> None:
        async for news in self._client.pushes():
            away = self._standing.heard(news, trio.current_time())
            if away >= _NOTICED:
                self._desk.tell("back")
            if line := line_of(news, self._session.user, self._desk.language):
                self._desk.tell_text(line)
            match news:
                case protocol.Presence() if self._place and news.user != self._session.user:
                    self._place.transcript.note(news.at or now_ms(), news.state, who=news.user)
                case protocol.Typing() | protocol.Read() if self._place and news.room == self._place.info.id:
                    self._place.company.heard(news, trio.current_time())
                case protocol.Welcome():
                    self._ahead = news.now - now_ms()
                case protocol.Profile():
                    self._names.learn(news.user, news.nickname)
                case protocol.PersonalBadge(change="awarded"):
                    self._desk.tell("badge", name=news.ko if self._desk.language == "ko" else news.en)
            self._desk.window.touch()

    async def _tick(self) -> None:
        while True:
            await trio.sleep(_TICK)
            if not self._standing.connected or self._place is not None:  # somebody may have stopped typing
                self._desk.window.touch()

    def _status(self) -> tuple[str, str]:
        standing = self._standing.words(trio.current_time())
        if self._place is None:
            return "Madang", standing
        online = len(self._client.online)
        here = f" · {self._sentence('status online', count=online)}" if online else ""
        unsent = len(self._place.transcript.sent)
        waiting = f"{self._sentence('status unsent', count=unsent)} · " if unsent else ""
        title = self._place.info.called(self._desk.language) + self._place.together(now_ms() + self._ahead)
        return title + here + self._company(self._place), waiting + standing

    def _company(self, place: Place) -> str:
        """Who types, else how many have read what I said last."""
        if typing := place.company.typing(trio.current_time()):
            names = ", ".join(self._names.name_of(user) for user in typing[:_NAMED])
            return " · " + self._sentence("typing", names=names + ("…" if typing[_NAMED:] else ""))
        readers = place.readers()
        return " · " + self._sentence("read by", count=readers) if readers else ""
