"""How Quart-Trio meets Hypercorn: the two places where they do not fit by themselves."""

from __future__ import annotations

from typing import Final

import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart.wrappers import Request
from quart_trio.asgi import TrioASGIHTTPConnection, TrioASGIWebsocketConnection

from common.supervise import bounded_shield
from common.units import SECONDS

_SENDING: Final = 60 * SECONDS


class HttpConnection(TrioASGIHTTPConnection):
    """A view is cancelled when its client hangs up; an answer, once there is one, is sent to its end.

    Hypercorn reports the end of an answer as a hang-up, from within the very call that sends its last byte. Unshielded,
    that call is cancelled before it has made the connection idle again: it then has no time limit, and holds up every
    shutdown.
    """

    async def handle_request(  # type: ignore[override]
        self, nursery: trio.Nursery, request: Request, send: ASGISendCallable
    ) -> None:
        """Answer one request."""
        response = await self.app.handle_request(request)
        with bounded_shield(_SENDING):
            await self._send_response(send, response)
        nursery.cancel_scope.cancel()


class NoWebSockets(TrioASGIWebsocketConnection):
    """Control speaks HTTP; sockets are chatd's. A handshake is refused before Quart looks for a route."""

    async def __call__(self, _receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send({"type": "websocket.close", "code": 1000, "reason": None})
