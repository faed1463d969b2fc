"""Where Quart-Trio and Hypercorn do not fit by themselves."""

from __future__ import annotations

from typing import Final

import trio
from hypercorn.typing import ASGISendCallable, ASGISendEvent
from quart.wrappers import Request
from quart_trio.asgi import TrioASGIHTTPConnection

from common.units import SECONDS

_LAST: Final = 5 * SECONDS


class HttpConnection(TrioASGIHTTPConnection):
    """A view is cancelled when its client hangs up, and so is an answer; but not by its own end.

    Hypercorn reports the end of an answer as a hang-up, from within the very call that sends its last event. Unshielded,
    that call is cancelled before it has made the connection idle again, which then has no time limit any more.
    """

    async def handle_request(  # type: ignore[override]
        self, nursery: trio.Nursery, request: Request, send: ASGISendCallable
    ) -> None:
        """Answer one request."""

        async def send_whole(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.body" and not event.get("more_body", False):
                with trio.move_on_after(_LAST, shield=True):
                    await send(event)
            else:
                await send(event)

        await super().handle_request(nursery, request, send_whole)
