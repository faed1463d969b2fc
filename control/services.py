"""What a request may use: the stores, the limits, the keys. Opened once a process, handed to every `Call`."""

from __future__ import annotations

from dataclasses import dataclass

from common.mongo import Mongo
from common.postgres import Postgres
from common.redis import Redis
from control.ratelimit import RateLimits


@dataclass(frozen=True, slots=True)
class Services:
    """The stores and what stands on them."""

    db: Postgres
    redis: Redis
    mongo: Mongo
    limits: RateLimits
