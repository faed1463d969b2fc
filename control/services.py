"""What a request may use: the stores, the limits, the keys. Opened once a process, handed to every `Call`."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import httpx

from common.clock import now_ms
from common.lifecycle import Shutdown
from common.mongo import Mongo, open_mongo
from common.postgres import Postgres, open_postgres
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus
from common.roomlog.history import History
from common.roomlog.index import Index
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.search import Search
from common.s3 import S3, open_s3
from control.commons.categories import Categories
from control.commons.lists import KeptList
from control.commons.online import OnlineCount
from control.health import Readiness
from control.identity.keys import KeyRing
from control.identity.mail import Mailer, NoMail, SmtpMailer, parse_mail_url
from control.identity.nhn import NhnSms
from control.identity.passwords import Passwords
from control.identity.sms import LocalOutbox, NoSms, SmsSender
from control.matching.conditions.conditions import KnownConditions
from control.ratelimit import RateLimits
from control.sealing import KeyedHash, Sealer
from control.search.cache import Cache
from control.search.generations import Generations
from control.turns import Turns

if TYPE_CHECKING:
    from control.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The stores and what stands on them. `clock` gives milliseconds since 1970 UTC."""

    settings: Settings
    shutdown: Shutdown
    clock: Callable[[], int]
    db: Postgres
    redis: Redis
    mongo: Mongo
    s3: S3
    history: History
    http: httpx.AsyncClient  # to other people's servers
    limits: RateLimits
    sealer: Sealer
    keys: KeyRing
    hash_code: KeyedHash
    hash_request: KeyedHash
    passwords: Passwords
    sms: SmsSender
    mailer: Mailer
    readiness: Readiness
    online: OnlineCount
    generations: Generations
    searches: Cache
    turns: Turns
    categories: Categories
    conditions: KnownConditions

    @property
    def lists(self) -> tuple[KeptList, ...]:
        """What is kept in memory, and read anew when it changes."""
        return self.categories, self.conditions


@asynccontextmanager
async def open_services(
    settings: Settings, *, shutdown: Shutdown | None = None, clock: Callable[[], int] = now_ms
) -> AsyncIterator[Services]:
    """Everything that `settings` name. Nothing is connected before it is first used."""
    shutdown = shutdown or Shutdown()
    async with (
        open_postgres(settings.database_url) as db,
        open_redis(settings.redis_url) as redis,
        open_mongo(settings.mongo_url) as mongo,
        open_s3(settings.s3_url) as s3,
        httpx.AsyncClient(verify=_authorities()) as http,
    ):
        generations = Generations()
        sealer = Sealer(settings.secret, "signing keys")
        yield Services(
            settings=settings,
            shutdown=shutdown,
            clock=clock,
            db=db,
            redis=redis,
            mongo=mongo,
            s3=s3,
            history=_history(redis, mongo),
            http=http,
            limits=RateLimits(redis, scale=settings.rate_scale),
            sealer=sealer,
            keys=KeyRing(db, sealer, clock),
            hash_code=KeyedHash(settings.secret, "phone codes"),
            hash_request=KeyedHash(settings.secret, "requests"),
            passwords=Passwords(settings.password_cost),
            sms=_sms(settings, redis, http),
            mailer=_mailer(settings, redis),
            readiness=Readiness(
                {"postgres": db.ready, "redis": redis.ready, "mongo": mongo.ready, "s3": s3.ready}, shutdown
            ),
            online=OnlineCount(redis, clock),
            generations=generations,
            searches=Cache(redis, generations),
            turns=Turns(),
            categories=Categories(db),
            conditions=KnownConditions(db),
        )


@cache
def _authorities() -> ssl.SSLContext:
    """Whom the world trusts; read once."""
    return httpx.create_ssl_context()


def _sms(settings: Settings, redis: Redis, http: httpx.AsyncClient) -> SmsSender:
    if settings.nhn is not None:
        nhn = settings.nhn
        return NhnSms(
            http, endpoint=nhn.endpoint, app_key=nhn.app_key, secret_key=nhn.secret_key, sender=nhn.sender
        )
    return LocalOutbox(redis) if settings.offers_outbox else NoSms()


def _mailer(settings: Settings, redis: Redis) -> Mailer:
    if settings.mail_url:
        return SmtpMailer(parse_mail_url(settings.mail_url), settings.mail_from)
    return LocalOutbox(redis) if settings.offers_outbox else NoMail()


def _history(redis: Redis, mongo: Mongo) -> History:
    """The room log, to be read."""
    log = Log(mongo)
    return History(Journal(Bus(redis), log), Search(log, Index(mongo)))
