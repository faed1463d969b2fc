"""Control's HTTP API, as much of it as a client of chatd needs: sessions, rooms, people.

The Structs hold what is used here of control's answers; fields that are not known are ignored.
"""

from __future__ import annotations

import platform
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from chatd.client.errors import ClientError, CommandFailed
from chatd.client.http import HttpUnavailable, request
from chatd.client.socket import Dial, dial_tcp
from common import protocol
from common.errors import Language

MOST_PEOPLE: Final = 100  # in one question

Answer = TypeVar("Answer")


class ApiUnavailable(ClientError):
    """Control did not answer, or not as control does; a later try may succeed."""


class Tokens(Struct):
    """A session and what proves it."""

    user: str
    session: str
    access_token: str
    refresh_token: str
    access_expires_at: int


class BotAccess(Struct):
    """What an API token was exchanged for."""

    user: str
    session: str
    access_token: str
    access_expires_at: int


class Person(Struct):
    """Somebody."""

    id: str
    nickname: str


class People(Struct):
    """Several."""

    people: list[Person]


class LastMessage(Struct):
    """What was said last in a room."""

    seq: int
    at: int
    sender: str
    text: str


class Room(Struct):
    """A room that I am in. A direct room's title is the other one's nickname; `title_en` is there where nobody wrote it."""

    id: str
    kind: str
    title: str
    member_count: int
    title_en: str | None = None
    join_code: str | None = None
    unread: int = 0
    last_message: LastMessage | None = None

    def called(self, language: Language) -> str:
        """The title, in this language where there is one in each."""
        return titled(self.title, self.title_en, language)


def titled(title: str, title_en: str | None, language: Language) -> str:
    """What is called `title`, and in English so where nobody wrote it, as a reader of this language sees it."""
    return title_en if language == "en" and title_en is not None else title


class MyRooms(Struct):
    """A page of my rooms."""

    rooms: list[Room]
    next: str | None = None


class Members(Struct):
    """A page of a room's members, who came first is first."""

    members: list[Person]
    next: str | None = None


class Condition(Struct):
    """Something that people look for company by; one that is `retired` is not offered any more."""

    key: str
    retired: bool


class Conditions(Struct):
    """What people look for company by."""

    places: list[Condition]
    ways: list[Condition]
    kinds: list[Condition]


class RandomApplication(Struct):
    """Somebody looks for company. Once that is `matched` it says of which match, in which room."""

    id: str
    state: Literal["waiting", "matched", "cancelled", "expired"]
    expires_at: int
    match: str | None = None
    room: str | None = None


class CodeSent(Struct):
    """A code is on its way to a phone."""

    resend_at: int


class Proven(Struct):
    """What a right code is exchanged for."""

    proof: str


class _OutboxMessage(Struct):
    text: str


class _Outbox(Struct):
    messages: list[_OutboxMessage]


class _Problem(Struct):
    code: str
    title: str
    temporary: bool = False
    detail: str | None = None
    retry_after_ms: int | None = None


class Api:
    """Control at one URL. Every call raises `ApiUnavailable`, or `CommandFailed` when control says no."""

    def __init__(self, url: str, language: Language = "en", dial: Dial = dial_tcp) -> None:
        self.url = url.rstrip("/")
        self.language = language
        self._dial = dial

    async def _call(
        self,
        method: Literal["GET", "POST"],
        path: str,
        answer: type[Answer],
        body: Any = None,
        token: str | None = None,
    ) -> Answer:
        headers = {
            "accept": "application/json",
            "accept-language": self.language,
            "user-agent": "madang-client",
        }
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        content = None
        if method == "POST":
            headers["content-type"] = "application/json"
            content = msgspec.json.encode({} if body is None else body)
        try:
            status, found = await request(method, self.url + path, headers, content, self._dial)
            if status >= 400:
                raise CommandFailed(_error_of(msgspec.json.decode(found, type=_Problem)))
            return msgspec.json.decode(found or b"null", type=answer)
        except HttpUnavailable as fault:
            raise ApiUnavailable(f"{self.url}: {fault}") from fault
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise ApiUnavailable(f"{self.url}: that is not an answer of Madang's") from fault

    # --- sessions -----------------------------------------------------------------------------------------------------

    async def log_in(self, email: str, password: str) -> Tokens:
        """A new session."""
        body = {"email": email, "password": password, "device": platform.node()[:100] or "?"}
        return await self._call("POST", "/api/v1/sessions", Tokens, body)

    async def refresh(self, refresh_token: str) -> Tokens:
        """The next tokens of a session; the refresh token given is used up."""
        return await self._call("POST", "/api/v1/sessions/refresh", Tokens, {"refresh_token": refresh_token})

    async def log_out(self, refresh_token: str) -> None:
        """End a session."""
        await self._call("POST", "/api/v1/sessions/logout", type(None), {"refresh_token": refresh_token})

    async def bot_access(self, api_token: str) -> BotAccess:
        """An access token for a bot's API token."""
        return await self._call("POST", "/api/v1/bots/token", BotAccess, {"token": api_token})

    # --- signing up ---------------------------------------------------------------------------------------------------

    async def ask_code(self, phone: str) -> CodeSent:
        """Have a code sent to a phone."""
        return await self._call("POST", "/api/v1/phone-codes", CodeSent, {"phone": phone})

    async def verify_code(self, phone: str, code: str) -> Proven:
        """Exchange the code for a proof."""
        return await self._call("POST", "/api/v1/phone-codes/verify", Proven, {"phone": phone, "code": code})

    async def outbox(self, phone: str) -> list[str]:
        """In development: what would have gone to a phone, the newest first."""
        found = await self._call("GET", f"/api/v1/dev/outbox?{urlencode({'phone': phone})}", _Outbox)
        return [message.text for message in found.messages]

    async def sign_up(self, *, proof: str, email: str, name: str, nickname: str, password: str) -> Person:
        """A new account."""
        body = {"proof": proof, "email": email, "name": name, "nickname": nickname, "password": password}
        return await self._call("POST", "/api/v1/accounts", Person, body)

    # --- rooms and people ---------------------------------------------------------------------------------------------

    async def me(self, token: str) -> Person:
        """Who the token is of."""
        return await self._call("GET", "/api/v1/me", Person, token=token)

    async def my_rooms(self, token: str) -> list[Room]:
        """The rooms I am in, up to 200, those with news first."""
        return (await self._call("GET", "/api/v1/rooms/mine", MyRooms, token=token)).rooms

    async def room(self, token: str, room: str) -> Room:
        """One of my rooms."""
        return await self._call("GET", f"/api/v1/rooms/{quote(room)}", Room, token=token)

    async def members(self, token: str, room: str) -> list[Person]:
        """The first 200 members of one of my rooms."""
        return (
            await self._call("GET", f"/api/v1/rooms/{quote(room)}/members?limit=200", Members, token=token)
        ).members

    async def create_room(self, token: str, title: str, visibility: str = "private") -> Room:
        """A new group room of mine."""
        return await self._call(
            "POST", "/api/v1/rooms", Room, {"title": title, "visibility": visibility}, token
        )

    async def join(self, token: str, code: str) -> Room:
        """Join the room that has this code."""
        return await self._call("POST", "/api/v1/rooms/join", Room, {"code": code}, token)

    async def leave(self, token: str, room: str) -> None:
        """Leave a room."""
        await self._call("POST", f"/api/v1/rooms/{quote(room)}/leave", type(None), token=token)

    async def people(self, token: str, ids: list[str]) -> list[Person]:
        """Who these are, at most `MOST_PEOPLE`; those that do not exist are left out."""
        query = urlencode({"ids": ",".join(ids)})
        return (await self._call("GET", f"/api/v1/people?{query}", People, token=token)).people

    # --- matching -----------------------------------------------------------------------------------------------------

    async def conditions(self) -> Conditions:
        """Every place, way to eat and kind of study."""
        return await self._call("GET", "/api/v1/conditions", Conditions)

    async def look_for_meal(self, token: str, places: list[str], ways: list[str]) -> RandomApplication:
        """Look for company for a meal, at random."""
        body = {"category": "meal", "places": places, "ways": ways}
        return await self._call("POST", "/api/v1/matching/random", RandomApplication, body, token)

    async def look_to_study(self, token: str, places: list[str], kinds: list[str]) -> RandomApplication:
        """Look for company to study, at random."""
        body = {"category": "study", "places": places, "kinds": kinds}
        return await self._call("POST", "/api/v1/matching/random", RandomApplication, body, token)


def _error_of(problem: _Problem) -> protocol.Error:
    return protocol.Error(
        code=problem.code,
        message=f"{problem.title} ({problem.detail})" if problem.detail else problem.title,
        temporary=problem.temporary,
        retry_after_ms=problem.retry_after_ms,
    )
