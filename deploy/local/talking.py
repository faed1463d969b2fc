"""The conversations of the demo, held once over chatd's sockets by the people who are in them.

Each line has a `client_id` of its own: should this be cut short, it is all said again at the next start, and every line is
one message nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

import trio
from msgspec import Struct

from chatd.client import Api, Client, ClientError, Room, Session, open_client
from common.units import SECONDS
from deploy.embedded.errors import SetUpError

_WITHIN = 60 * SECONDS
_HEART = "❤️"


class Saying(Struct):
    """A line: whose, what, and whose hearts are on it. People are named by their e-mail addresses."""

    email: str
    client_id: str
    text: str
    hearts: list[str]


class Conversation(Struct):
    """What is said in a room, in this order."""

    room: str
    lines: list[Saying]


async def hold(
    url: str, sockets: Sequence[str], passwords: Mapping[str, str], conversations: Sequence[Conversation]
) -> None:
    """Say it all. `passwords` are by e-mail address. Raises `SetUpError`."""
    speakers = {saying.email for conversation in conversations for saying in conversation.lines}
    speakers |= {
        email for conversation in conversations for saying in conversation.lines for email in saying.hearts
    }
    faults: list[Exception] = []
    try:
        with trio.fail_after(_WITHIN):
            async with AsyncExitStack() as stack:
                clients = {
                    email: await stack.enter_async_context(
                        open_client(sockets, Session(Api(url), email, passwords[email]))
                    )
                    for email in sorted(speakers)
                }
                async with trio.open_nursery() as nursery:
                    for conversation in conversations:
                        nursery.start_soon(_hold, conversation, clients)
    except* (ClientError, trio.TooSlowError) as group:
        faults += group.exceptions
    if faults:
        raise SetUpError(
            f"the demo's people could not talk: {faults[0]!r}. The next start goes on with it."
        ) from faults[0]


async def _hold(conversation: Conversation, clients: Mapping[str, Client]) -> None:
    rooms: dict[str, Room] = {}

    async def room_of(email: str) -> Room:
        if email not in rooms:
            rooms[email] = await clients[email].open_room(conversation.room)
        return rooms[email]

    for saying in conversation.lines:
        sent = await (await room_of(saying.email)).send(saying.text, client_id=saying.client_id)
        for email in saying.hearts:
            await (await room_of(email)).react(sent.seq, _HEART)
