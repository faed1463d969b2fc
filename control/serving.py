"""From open services to a listening server and back: prepare, serve, drain.

The server runs in our own nursery, beside the tasks that must live as long as it does. Asked to stop, readiness
says so first; after `drain` no more connections are accepted; requests under way get `_FINISH` seconds.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

import trio
from hypercorn.config import Config
from quart_trio import QuartTrio

from common.logs import get_logger
from common.units import KIB, SECONDS
from control import migrations, relay
from control.app import create_app
from control.identity import upkeep
from control.listener import serve_http
from control.services import Services

_log = get_logger(__name__)
_FINISH: Final = 10 * SECONDS
_KEEP_ALIVE: Final = 75 * SECONDS  # above the 60 of most balancers, so that they close first


class CannotStart(Exception):
    """Something must be done before this process can serve; the message says what."""


async def prepare(services: Services) -> None:
    """What must be true before the first request. Raises `CannotStart`, `CannotOpen` or `StoreUnavailable`."""
    behind = await migrations.pending(services.db)
    if behind:
        raise CannotStart(f"the database lacks {', '.join(behind)}: run `python -m control migrate` first")
    await upkeep.once(services)
    await services.keys.signing()


async def run(services: Services, *, task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED) -> None:
    """Prepare, then serve until `services.shutdown` is asked for. Started once it listens, with its address."""
    await prepare(services)
    app = create_app(services)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(upkeep.upkeep, services)
        nursery.start_soon(relay.run, services.settings.database_url, services.redis)
        await _serve(app, services, task_status)
        nursery.cancel_scope.cancel()


async def _serve(app: QuartTrio, services: Services, task_status: trio.TaskStatus[str]) -> None:
    settings = services.settings

    async def stop() -> None:
        await services.shutdown.wait()
        await trio.sleep(settings.drain)

    async with trio.open_nursery() as nursery:
        serving = partial(
            serve_http, app, http_config(), host=settings.host, port=settings.port, stop=stop, finish=_FINISH
        )
        address: str = await nursery.start(serving)
        _log.info("listening", address=address, url=settings.public_url)
        task_status.started(address)


def http_config() -> Config:
    """How Hypercorn speaks HTTP here."""
    config = Config()
    config.keep_alive_timeout = _KEEP_ALIVE
    config.h11_max_incomplete_size = 32 * KIB
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
