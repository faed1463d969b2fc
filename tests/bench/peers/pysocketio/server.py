"""One process of the peer "python-socketio on uvicorn, with Redis".

    python server.py PORT REDIS_URL

It does the work chatd is measured by: `join` a room, and `send`, which is emitted as a message of the same fields.
Settings are the ones that favour it: uvloop, WebSocket only, no compression, nobody asked whether they are still there.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

import socketio
import uvicorn

port, redis_url = int(sys.argv[1]), sys.argv[2]
io = socketio.AsyncServer(
    async_mode="asgi",
    client_manager=socketio.AsyncRedisManager(redis_url),
    transports=["websocket"],
    http_compression=False,
    ping_interval=600,
)
users: dict[str, str] = {}
places: Counter[str] = Counter()


@io.event
async def connect(sid: str, environ: dict[str, Any]) -> None:
    users[sid] = environ["QUERY_STRING"].partition("user=")[2]


@io.event
async def disconnect(sid: str) -> None:
    users.pop(sid, None)


@io.event
async def join(sid: str, room: str) -> dict[str, Any]:
    await io.enter_room(sid, room)
    return {"ok": {}}


@io.event
async def send(sid: str, said: dict[str, str]) -> dict[str, Any]:
    room = said["room"]
    places[room] += 1
    place = {"seq": places[room], "mseq": places[room], "at": time.time_ns() // 1_000_000}
    message = {"type": "message", **place, "sender": users[sid], **said}
    await io.emit("message", message, room=room)
    return {"ok": place}


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(io),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        backlog=4096,
        access_log=False,
        log_level="warning",
    )
