"""S3: boto3's blocking client in threads, presigned URLs, and the one place that knows botocore's errors.

Files travel between browsers and the store; we only sign what they may do, and ask what is there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

import boto3
import botocore.exceptions
import trio
from botocore.config import Config

from common.errors import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

P = ParamSpec("P")
T = TypeVar("T")
_REGION: Final = "us-east-1"  # what stores without regions answer to


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store says of an object. `size` in bytes."""

    size: int
    media_type: str
    etag: str


class S3:
    """One bucket. Every call raises `StoreUnavailable` when the store cannot answer now."""

    def __init__(self, client: S3Client, bucket: str, threads: int) -> None:
        self._client = client
        self._bucket = bucket
        self._limiter = trio.CapacityLimiter(threads)

    async def ready(self) -> None:
        """One round trip: is the bucket there, and may we use it?"""
        try:
            await self._run(self._client.head_bucket, Bucket=self._bucket)
        except botocore.exceptions.ClientError as fault:
            raise StoreUnavailable("s3", f"bucket {self._bucket}: status {_status(fault)}") from fault

    async def presign_put(self, key: str, *, media_type: str, size: int, seconds: int) -> str:
        """A URL that takes one PUT of exactly `size` bytes of `media_type`, for `seconds`."""
        parameters: dict[str, str | int] = {"Bucket": self._bucket, "Key": key}
        parameters |= {"ContentType": media_type, "ContentLength": size}
        return await self._presign("put_object", parameters, seconds)

    async def presign_get(self, key: str, *, seconds: int, disposition: str | None = None) -> str:
        """A URL that gives the object, for `seconds`; `disposition` is how a browser should show it (RFC 6266)."""
        parameters: dict[str, str | int] = {"Bucket": self._bucket, "Key": key}
        if disposition is not None:
            parameters["ResponseContentDisposition"] = disposition
        return await self._presign("get_object", parameters, seconds)

    async def head(self, key: str) -> StoredObject | None:
        """What is stored under `key`; None when nothing is."""
        try:
            found = await self._run(self._client.head_object, Bucket=self._bucket, Key=key)
        except botocore.exceptions.ClientError as fault:
            if _status(fault) == 404:
                return None
            raise
        return StoredObject(found["ContentLength"], found["ContentType"], found["ETag"].strip('"'))

    async def _presign(self, operation: str, parameters: dict[str, str | int], seconds: int) -> str:
        return await self._run(
            self._client.generate_presigned_url, operation, Params=parameters, ExpiresIn=seconds
        )

    async def _run(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await trio.to_thread.run_sync(partial(fn, *args, **kwargs), limiter=self._limiter)
        except (
            botocore.exceptions.HTTPClientError,
            botocore.exceptions.ConnectionError,  # refused, reset, timed out
        ) as fault:
            raise StoreUnavailable("s3", type(fault).__name__) from fault
        except botocore.exceptions.ClientError as fault:
            if _status(fault) >= 500 or _status(fault) == 429:
                raise StoreUnavailable("s3", f"status {_status(fault)}") from fault
            raise


def _status(fault: botocore.exceptions.ClientError) -> int:
    return fault.response["ResponseMetadata"]["HTTPStatusCode"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is, and what opens it."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)


def parse_s3_url(url: str) -> Place:
    """The parts of `http(s)://ACCESS:SECRET@host:port/bucket`. Raises ValueError when one of them is missing."""
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if not parts.hostname or not bucket or "/" in bucket or not parts.username or not parts.password:
        raise ValueError("must be http(s)://ACCESS:SECRET@host:port/bucket")
    address = parts.netloc.rpartition("@")[2]
    return Place(f"{parts.scheme}://{address}", bucket, unquote(parts.username), unquote(parts.password))


@asynccontextmanager
async def open_s3(url: str, *, threads: int = 8) -> AsyncIterator[S3]:
    """The bucket of `url` (see `parse_s3_url`). Nothing is connected before the first call."""
    place = parse_s3_url(url)
    client = await trio.to_thread.run_sync(
        partial(
            boto3.client,  # of the one default session: another one would read the models of all services anew
            "s3",
            endpoint_url=place.endpoint,
            region_name=_REGION,
            aws_access_key_id=place.access_key,
            aws_secret_access_key=place.secret_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2},
                max_pool_connections=threads,
            ),
        )
    )
    try:
        yield S3(client, place.bucket, threads)
    finally:
        client.close()
