"""From open services to a listening server and back: prepare, serve, drain.

The server runs in our own nursery, beside the tasks that must live as long as it does. Asked to stop, readiness
says so first; after `drain` no more connections are accepted; requests under way get `_FINISH` seconds.
"""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import Final

import trio
from hypercorn.config import Config

from common.errors import StoreUnavailable
from common.lifecycle import raise_file_limit
from common.logs import get_logger
from common.memory import give_back
from common.supervise import regularly
from common.units import KIB, SECONDS
from control import migrations, once, relay
from control.app import create_app
from control.badges import arrears, judging
from control.classes import settling, waiting
from control.commons.lists import follow
from control.erasure import erasing
from control.export import making
from control.identity import upkeep
from control.listener import listen, serve_http, url_of
from control.matching.pairing import upkeep as pairing
from control.matching.posts import ending
from control.records import reading
from control.rooms import idling, tallying
from control.sealing import CannotOpen
from control.services import Services
from control.settings import Settings
from control.uploads import sweeping

_log = get_logger(__name__)
# What happens now and then in every process: whichever comes first does it, and the others find it done.
_UPKEEP: Final = (
    ("the upkeep of identity", upkeep.EVERY, upkeep.once),
    ("the names of what was made once", once.EVERY, once.forget),
    ("the sweep of uploads", sweeping.EVERY, sweeping.upkeep),
    ("the sweep of calls", idling.EVERY, idling.sweep),
    ("the end of classes", settling.EVERY, settling.settle),
    ("the waiting lists of classes", waiting.EVERY, waiting.let_in),
    ("the lines of random matching", pairing.EVERY, pairing.once),
    ("the end of posts", ending.EVERY, ending.end),
    ("the fold of tallies", tallying.EVERY, tallying.upkeep),
    ("the sweep of records", reading.EVERY, reading.sweep),
    ("the judging of badges", judging.EVERY, judging.judge),
    ("the arrears of badges", arrears.EVERY, arrears.catch_up),
)
_FINISH: Final = 10 * SECONDS
_KEEP_ALIVE: Final = 75 * SECONDS  # above the 60 of most balancers, so that they close first


class CannotStart(Exception):
    """Something must be done before this process can serve; the message says what."""


async def prepare(services: Services) -> None:
    """What must be true before the first request. Raises `CannotStart` or `StoreUnavailable`."""
    behind = await migrations.pending(services.db)
    if behind:
        raise CannotStart(f"the database lacks {', '.join(behind)}: run `python -m control migrate` first")
    await upkeep.keep_keys(services)
    for each in services.lists:
        await each.read()
    try:
        await services.keys.signing()
    except CannotOpen as fault:
        raise CannotStart(
            "MADANG_SECRET does not open the signing keys: give the secret they were sealed with, "
            "or run `python -m control keys rotate`"
        ) from fault


async def run(services: Services, *, task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED) -> None:
    """Prepare, then serve until `services.shutdown` is asked for. Started once it listens, with its address."""
    await prepare(services)
    raise_file_limit()
    app = create_app(services)
    listeners = await _listen(services.settings)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_keep_up, services)
        nursery.start_soon(erasing.upkeep, services)
        nursery.start_soon(making.upkeep, services)
        nursery.start_soon(give_back)
        nursery.start_soon(services.online.run)
        nursery.start_soon(services.generations.run, services.settings.database_url)
        nursery.start_soon(follow, services.lists, services.settings.database_url)
        nursery.start_soon(relay.run, services.settings.database_url, services.redis)
        _log.info("listening", address=url_of(listeners[0]), url=services.settings.public_url)
        task_status.started(url_of(listeners[0]))
        stop = partial(_asked_and_drained, services)
        most = services.settings.connections
        await serve_http(app, http_config(), listeners=listeners, stop=stop, finish=_FINISH, most=most)
        nursery.cancel_scope.cancel()


async def _keep_up(services: Services) -> None:
    """Do what happens now and then."""
    async with trio.open_nursery() as nursery:
        for what, every, once in _UPKEEP:
            nursery.start_soon(regularly, what, every, partial(once, services), StoreUnavailable)


async def _listen(settings: Settings) -> list[trio.SocketListener]:
    try:
        return await listen(settings.host, settings.port)
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else str(fault)
        raise CannotStart(f"cannot listen on {settings.host} port {settings.port}: {why}") from fault


async def _asked_and_drained(services: Services) -> None:
    await services.shutdown.wait()
    await trio.sleep(services.settings.drain)


def http_config() -> Config:
    """How Hypercorn speaks HTTP here."""
    config = Config()
    config.keep_alive_timeout = _KEEP_ALIVE
    config.h11_max_incomplete_size = 32 * KIB
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    return config
