"""chatd as a whole: opens the stores, starts the parts in their order, serves until asked to stop, drains, ends.

A bug in what everybody shares (hub, readers, writer, feed) ends the process with its traceback; whoever supervises it
starts it again, and clients resume elsewhere meanwhile.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import trio

from chatd.anonymous import Anonymous
from chatd.attachments import Attachments
from chatd.attendance import AttendanceBook
from chatd.authentication import Authenticator
from chatd.bus_reader import BusReader
from chatd.coming import Changes
from chatd.control_feed import ControlFeed
from chatd.core.emotes import Emotes
from chatd.core.typing import Typing
from chatd.cursors import Cursors
from chatd.deeds import Deeds
from chatd.drain import PROMISES, drain
from chatd.garbage import tidy
from chatd.health import serve_health
from chatd.hub import Hub
from chatd.indexer import Indexer
from chatd.listener import Listener, open_listener, tick_all
from chatd.live.book import Book
from chatd.live.calls import Calls
from chatd.live.timers import Timers
from chatd.log_writer import LogWriter
from chatd.membership import Memberships
from chatd.news import News
from chatd.notices import Notices
from chatd.presence.parts import presence_parts
from chatd.profiles import Profiles
from chatd.recorder import Recorder
from chatd.recovery import Recovery
from chatd.roster import Roster
from chatd.safety_net import SafetyNet
from chatd.said import Said
from chatd.services import Services
from chatd.settings import Settings
from chatd.turnstile import Turnstile
from chatd.unread import Unread
from common.aio import open_loop
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.lifecycle import Shutdown, raise_file_limit, watch_signals
from common.logs import get_logger
from common.memory import give_back
from common.mongo import open_mongo
from common.postgres import open_postgres
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus, greet
from common.roomlog.history import History
from common.roomlog.index import Index
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.position import Entry
from common.roomlog.search import Search
from common.supervise import keep_trying
from common.units import SECONDS

_log = get_logger(__name__)
_LAST: Final = 10 * SECONDS  # after the drain, to close what is open


async def run(settings: Settings, shutdown: Shutdown | None = None) -> None:
    """Serve until a signal, or until `shutdown` is asked for."""
    raise_file_limit()
    shutdown = shutdown or Shutdown()
    async with open_loop(), trio.open_nursery() as nursery:
        await nursery.start(watch_signals_of(shutdown, settings))
        async with _open_parts(settings, shutdown) as services:
            if services is not None:
                await _serve(services, shutdown)
        nursery.cancel_scope.cancel()


def watch_signals_of(shutdown: Shutdown, settings: Settings) -> Callable[..., Awaitable[None]]:
    """The task that turns signals into `shutdown`, with time for a drain before the hard exit."""
    grace = settings.drain + PROMISES + _LAST

    async def watch(*, task_status: trio.TaskStatus[None]) -> None:
        await watch_signals(shutdown, grace=grace, task_status=task_status)

    return watch


@asynccontextmanager
async def _open_parts(settings: Settings, shutdown: Shutdown) -> AsyncIterator[Services | None]:
    """Everything but the listener, running; None when we were asked to stop before the stores answered.

    At the end the parts stop before the stores are closed: a driver that is closed under a call fails as it likes.
    """
    async with (
        open_postgres(settings.database_url) as postgres,
        open_redis(settings.redis_url, greet=greet) as redis,
        open_mongo(settings.mongo_url) as mongo,
        trio.open_nursery() as nursery,
    ):
        boot = uuid7()
        who = f"{settings.replica}:{boot}"
        journal = Journal(Bus(redis), Log(mongo))
        reader = BusReader(journal.bus)
        hub = Hub(journal, reader.reached, recent=settings.recent)
        index = Index(mongo)
        indexer = Indexer(journal, index)
        writer = LogWriter(journal, kept=indexer.kept)
        memberships = Memberships(postgres)
        authenticator = Authenticator(postgres)
        here = presence_parts(settings, boot, postgres=postgres, redis=redis, hub=hub)
        calls = _calls(settings, redis, hub)
        news = News(redis, hub, calls)
        roster = Roster(postgres, hub)
        unread = Unread(hub, roster, here.circles)
        timers = Timers(hub, journal.log, writer.append, parts=journal.bus.parts)
        hub.on_loss = timers.doubt
        profiles, notices = Profiles(postgres, hub, roster), Notices(hub)
        history = History(journal, Search(journal.log, index, on_gap=indexer.wanted), hub.recent)
        services = Services(
            settings=settings,
            shutdown=shutdown,
            turnstile=Turnstile(),
            hub=hub,
            writer=writer,
            recovery=Recovery(history, hub.recent),
            history=history,
            said=Said(journal, hub.recent),
            changes=Changes(),
            attachments=Attachments(postgres),
            deeds=Deeds(postgres),
            memberships=memberships,
            anonymous=Anonymous(settings.anonymous, settings.trusted_proxies),
            authenticator=authenticator,
            presence=here.presence,
            participants=here.participants,
            people=here.people,
            circles=here.circles,
            headcount=here.headcount,
            last_seen=here.last_seen,
            attendance=AttendanceBook(
                postgres,
                boot,
                hub.people,
                every=settings.lease / 3,
                dead_after=settings.lease * 2,  # nobody waits for it
                calm=max(settings.calm, settings.lease),
            ),
            feed=ControlFeed(
                redis,
                hub=hub,
                memberships=memberships,
                roster=roster,
                authenticator=authenticator,
                people=here.people,
                circles=here.circles,
                profiles=profiles,
                notices=notices,
                calls=calls,
            ),
            # The lease is shorter than that of presence: nobody is offline for it, so it may pass on sooner.
            recorder=Recorder(redis, writer, who=who, lease=settings.lease * 0.4),
            news=news,
            typing=Typing(),
            cursors=Cursors(postgres, mongo, news, hub, here.circles),
            roster=roster,
            timers=timers,
            emotes=Emotes(),
            calls=calls,
        )

        async def deliver(shard: int, entries: Sequence[Entry]) -> None:
            await hub.deliver(shard, entries)
            unread.note(entries)
            timers.note(entries)

        def ready() -> dict[str, bool]:
            return {"bus": reader.healthy, "feed": services.feed.healthy, "serving": not shutdown.asked}

        await nursery.start(serve_health, settings.private_host, settings.private_port, ready)
        async with trio.open_nursery() as waiting:
            waiting.start_soon(_cancel_when_asked, shutdown, waiting.cancel_scope)
            await keep_trying("prepare the log", journal.log.prepare, StoreUnavailable)
            await keep_trying("read the signing keys", authenticator.read_keys, StoreUnavailable)
            await nursery.start(hub.run)
            await nursery.start(writer.run)
            for task in (
                memberships.run,
                authenticator.run,
                *here.tasks,
                services.cursors.run,
                services.said.run,
                roster.run,
                unread.run,
                timers.run,
                profiles.run,
                notices.run,
                calls.run,
                services.turnstile.run,
                tidy,
                give_back,
            ):
                nursery.start_soon(task)
            await nursery.start(reader.run, deliver)
            await nursery.start(services.feed.listen)
            await nursery.start(here.presence.run)
            await nursery.start(services.news.run)
            waiting.cancel_scope.cancel()
        if shutdown.asked:
            yield None
        else:
            for task in (
                partial(here.last_seen.run, here.presence.users),
                services.attendance.run,
                services.recorder.run,
                SafetyNet(journal, who).run,
                indexer.run,
                partial(tick_all, services),
            ):
                nursery.start_soon(task)
            yield services
        nursery.cancel_scope.cancel()


def _calls(settings: Settings, redis: Redis, hub: Hub) -> Calls:
    """Calls. A lease outlasts the time between two heartbeats: who is quiet answers those."""
    lease = max(settings.call_lease, 1.5 * settings.heartbeat)
    book = Book(redis, lease=lease, calm=settings.call_calm, gap=lease / 3)
    return Calls(book, hub, capacity=settings.call_peers, every=lease / 6)


async def _cancel_when_asked(shutdown: Shutdown, scope: trio.CancelScope) -> None:
    await shutdown.wait()
    scope.cancel()


async def _serve(services: Services, shutdown: Shutdown) -> None:
    """Listen until asked to stop, then drain."""
    settings = services.settings
    sock = open_listener(settings.host, settings.port)
    async with trio.open_nursery() as connections:
        async with trio.open_nursery() as accepting:
            accepting.start_soon(Listener(services, sock, connections).run)
            host, port = sock.getsockname()[:2]
            _log.info("serving", replica=settings.replica, host=host, port=port)
            await shutdown.wait()
            accepting.cancel_scope.cancel()
        await drain(services, settings.drain)
        connections.cancel_scope.cancel()
    _log.info("stopped")
