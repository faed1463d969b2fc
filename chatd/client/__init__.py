"""A client of chatd for bots, tests and benchmarks, and (`python -m chatd.client`) a terminal to talk in.

    async with open_client(["ws://127.0.0.1:9001/socket"], tokens) as client:
        room = await client.open_room(room_id)
        await room.send("hello")  # returns once it is stored
        async for event in room.events():
            ...

It comes back by itself, to any replica, and continues every room where it was; a message is stored once however often
it had to be sent. `core` is the machine that decides all of this, without Trio; `client` moves it.
"""

from chatd.client.api import Api, ApiUnavailable
from chatd.client.client import Client, open_client
from chatd.client.effects import AnyNews, Lost
from chatd.client.errors import (
    ClientError,
    CommandFailed,
    RoomClosed,
    Stopped,
    TokenRefused,
    TokenUnavailable,
)
from chatd.client.room import Post, Room
from chatd.client.tokens import BotSession, Session, TokenSource

__all__ = [
    "AnyNews",
    "Api",
    "ApiUnavailable",
    "BotSession",
    "Client",
    "ClientError",
    "CommandFailed",
    "Lost",
    "Post",
    "Room",
    "RoomClosed",
    "Session",
    "Stopped",
    "TokenRefused",
    "TokenSource",
    "TokenUnavailable",
    "open_client",
]
