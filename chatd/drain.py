"""Going away without losing anybody: tell clients to come back, a few at a time, then wait for what was promised."""

from __future__ import annotations

import random
from typing import Final

import trio

from chatd.services import Services
from common import disconnect, protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.units import MILLISECONDS, SECONDS, to_ms

_log = get_logger(__name__)

STEP: Final = 100 * MILLISECONDS
GOODBYES: Final = 3 * SECONDS
PROMISES: Final = 10 * SECONDS  # a send is answered within this, see log_writer


async def drain(services: Services, seconds: float) -> None:
    """Send every client elsewhere over `seconds`; then wait until no sender waits and all are gone.

    Everybody is told at once to come back at a moment of their own, so that no herd forms at the other replicas; who has
    not left by then is closed with 4001.
    """
    staying = {connection: random.uniform(0, seconds) for connection in services.hub.connections}  # noqa: S311 - jitter
    _log.info("draining", connections=len(staying), seconds=seconds)
    for connection, after in staying.items():
        connection.send_nowait(push_frame(protocol.Reconnect(after_ms=to_ms(after))))
    began = trio.current_time()
    while staying and services.hub.connections:
        await trio.sleep(min(STEP, seconds))
        passed = trio.current_time() - began
        for connection in [each for each, after in staying.items() if after <= passed]:
            del staying[connection]
            connection.disconnect(disconnect.DRAINING)
    with trio.move_on_after(GOODBYES):
        await services.hub.emptied()
    with trio.move_on_after(PROMISES):
        await services.writer.answered()
        await services.cursors.written()
    await services.presence.release()
    await services.recorder.release()
    try:
        await services.last_seen.flush()
        await services.attendance.close()
    except StoreUnavailable as fault:
        _log.warning("when people were last here is a minute old at most", why=str(fault))
