"""What a request may use: the stores, the limits, the keys. Opened once a process, handed to every `Call`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.clock import now_ms
from common.lifecycle import Shutdown
from common.mongo import Mongo, open_mongo
from common.postgres import Postgres, open_postgres
from common.redis import Redis, open_redis
from common.s3 import S3, open_s3
from control.health import Readiness
from control.identity.keys import KeyRing
from control.identity.passwords import Passwords
from control.identity.sms import LocalOutbox, NoSms, SmsSender
from control.ratelimit import RateLimits
from control.sealing import KeyedHash, Sealer

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
    limits: RateLimits
    sealer: Sealer
    keys: KeyRing
    hash_code: KeyedHash
    passwords: Passwords
    sms: SmsSender
    readiness: Readiness


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
    ):
        sealer = Sealer(settings.secret, "signing keys")
        yield Services(
            settings=settings,
            shutdown=shutdown,
            clock=clock,
            db=db,
            redis=redis,
            mongo=mongo,
            s3=s3,
            limits=RateLimits(redis, scale=settings.rate_scale),
            sealer=sealer,
            keys=KeyRing(db, sealer, clock),
            hash_code=KeyedHash(settings.secret, "phone codes"),
            passwords=Passwords(settings.password_cost),
            sms=LocalOutbox(redis) if settings.offers_outbox else NoSms(),
            readiness=Readiness(
                {"postgres": db.ready, "redis": redis.ready, "mongo": mongo.ready, "s3": s3.ready}, shutdown
            ),
        )
