"""MongoDB: pymongo's blocking client in threads, and the one place that knows its errors.

Threads beat the asyncio client here (fewer microseconds, more operations a second). A limiter bounds how many run at
once; what waits for a thread can be cancelled, what runs in one is awaited to its end and bounded by the timeouts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pymongo
import pymongo.database
import pymongo.errors
import trio
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.int64 import Int64

from common.errors import StoreUnavailable

Database = pymongo.database.Database[dict[str, Any]]
P = ParamSpec("P")
T = TypeVar("T")

_TIMEOUTS_MS: Final = {
    "serverSelectionTimeoutMS": 2_000,
    "connectTimeoutMS": 2_000,
    "socketTimeoutMS": 10_000,
}


class _PlainInt(TypeDecoder):
    """Numbers above 31 bits as `int`, not as the driver's subclass, which our encoders refuse."""

    bson_type = Int64

    def transform_bson(self, value: Int64) -> int:
        return int(value)


_PLAIN: Final[CodecOptions[dict[str, Any]]] = CodecOptions(type_registry=TypeRegistry([_PlainInt()]))


class Mongo:
    """A database. `run` raises `StoreUnavailable` when the server cannot answer now.

    So does a bulk write of which some failed, unless `fn` deals with that: the disk is full, or a primary steps down.
    """

    def __init__(self, database: Database, threads: int) -> None:
        self.database = database
        self._limiter = trio.CapacityLimiter(threads)

    async def run(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn(*args, **kwargs)` in a thread, where it may use `database`."""
        try:
            return await trio.to_thread.run_sync(partial(fn, *args, **kwargs), limiter=self._limiter)
        except (pymongo.errors.ConnectionFailure, pymongo.errors.WTimeoutError) as fault:
            raise StoreUnavailable("mongo", type(fault).__name__) from fault
        except pymongo.errors.BulkWriteError as fault:
            raise StoreUnavailable("mongo", _first_of(fault)) from fault
        except pymongo.errors.OperationFailure as fault:
            if fault.has_error_label("RetryableWriteError") or fault.timeout:
                raise StoreUnavailable("mongo", type(fault).__name__) from fault
            raise

    async def ready(self) -> None:
        """One round trip."""
        await self.run(self.database.command, "ping")


def _first_of(fault: pymongo.errors.BulkWriteError) -> str:
    """What the server said of the first write that failed."""
    failed = fault.details.get("writeErrors") or fault.details.get("writeConcernErrors") or [{}]
    return f"{failed[0].get('code')} {failed[0].get('errmsg')}"


def _timeouts(url: str) -> dict[str, Any]:
    """Ours, but for those that `url` names: to the driver a word of ours would count before one of the URL."""
    named = {name.lower() for name, _ in parse_qsl(urlsplit(url).query)}
    return {name: ms for name, ms in _TIMEOUTS_MS.items() if name.lower() not in named}


@asynccontextmanager
async def open_mongo(url: str, *, threads: int = 16) -> AsyncIterator[Mongo]:
    """The database named by the path of `url` (mongodb:// or mongodb+srv://), `madang` when it names none.

    Writes are acknowledged by a majority. Nothing is connected before the first call. Timeouts that `url` names are taken
    from there.
    """
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
        url,
        w="majority",
        connect=False,
        retryWrites=False,  # ours are idempotent, and we retry with our own back-off
        **_timeouts(url),
        maxPoolSize=threads,
        appname="madang",
    )
    try:
        yield Mongo(client.get_default_database("madang", codec_options=_PLAIN), threads)
    finally:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 5):
            await trio.to_thread.run_sync(client.close)
