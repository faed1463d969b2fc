"""S3: boto3's blocking client in threads, presigned URLs, and the one place that knows botocore's errors.

Files travel between browsers and the store; we only sign what they may do, and ask what is there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

import boto3
import botocore.exceptions
import trio
from botocore.config import Config

from common.errors import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CORSRuleTypeDef

P = ParamSpec("P")
T = TypeVar("T")


class _Run(Protocol):
    """A call of the blocking client, made in a thread, its errors mapped."""

    async def __call__(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...


_REGION: Final = "us-east-1"  # what stores without regions answer to


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store says of an object. `size` in bytes."""

    size: int
    media_type: str
    etag: str


class Refused(Exception):
    """The store will not do that for us."""


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form to POST: its fields, and after them the file as `file`."""

    url: str
    fields: dict[str, str]


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

    async def presign_post(self, key: str, *, media_type: str, size: int, seconds: int) -> SignedForm:
        """A form that takes one file of exactly `size` bytes of `media_type`, for `seconds`: for pages without scripts."""
        signed = await self._run(
            self._client.generate_presigned_post,
            self._bucket,
            key,
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", size, size]],
            ExpiresIn=seconds,
        )
        return SignedForm(signed["url"], signed["fields"])

    async def read(self, key: str, *, first: int) -> bytes:
        """The first bytes of an object, up to `first` of them. Raises `KeyError` when nothing is there."""
        return await self.slice(key, 0, first)

    async def slice(self, key: str, start: int, size: int) -> bytes:
        """`size` bytes (1 or more) of an object from `start` on, fewer at its end. Raises `KeyError` when nothing is there."""

        def read() -> bytes:
            wanted = f"bytes={start}-{start + size - 1}"
            return self._client.get_object(Bucket=self._bucket, Key=key, Range=wanted)["Body"].read()

        try:
            return await self._run(read)
        except botocore.exceptions.ClientError as fault:
            if _status(fault) == 404:
                raise KeyError(key) from fault
            raise

    @asynccontextmanager
    async def open_parts(self, key: str, *, media_type: str) -> AsyncIterator[Parts]:
        """An object that is sent in parts, and is there once the block ends; when it raises, nothing is.

        Whoever is killed in between leaves parts behind: `abort_parts` takes those.
        """
        begun = await self._run(
            self._client.create_multipart_upload, Bucket=self._bucket, Key=key, ContentType=media_type
        )
        parts = Parts(self._client, self._run, self._bucket, key, begun["UploadId"])
        try:
            yield parts
            await parts.finish()
        finally:
            if not parts.finished:
                with trio.move_on_after(5, shield=True):
                    await parts.give_up()

    async def abort_parts(self, prefix: str, before: datetime) -> int:
        """Give up what was begun under `prefix` before that moment, and never finished; how many it were."""

        def abort() -> int:
            found = self._client.list_multipart_uploads(Bucket=self._bucket, Prefix=prefix).get("Uploads", [])
            stale = [each for each in found if each["Initiated"] < before]
            for each in stale:
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=each["Key"], UploadId=each["UploadId"]
                )
            return len(stale)

        return await self._run(abort)

    async def put(self, key: str, body: bytes, *, media_type: str) -> None:
        """Store an object of our own making."""
        await self._run(
            self._client.put_object, Bucket=self._bucket, Key=key, Body=body, ContentType=media_type
        )

    async def copy(self, source: str, target: str, *, etag: str, media_type: str) -> bool:
        """Copy an object under another key, as `media_type`; False, and nothing is done, when it is not `etag` any more."""
        try:
            await self._run(
                self._client.copy_object,
                Bucket=self._bucket,
                Key=target,
                CopySource={"Bucket": self._bucket, "Key": source},
                CopySourceIfMatch=etag,
                ContentType=media_type,
                MetadataDirective="REPLACE",
            )
        except botocore.exceptions.ClientError as fault:
            if _status(fault) in {404, 412}:
                return False
            raise
        return True

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete objects, 1,000 at most; what is not there is no error. Raises `StoreUnavailable` if one could not be."""
        if not keys:
            return
        answer = await self._run(
            self._client.delete_objects,
            Bucket=self._bucket,
            Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
        )
        if faults := answer.get("Errors"):
            raise StoreUnavailable("s3", f"cannot delete: {faults[0].get('Code')}")

    async def older(self, prefix: str, before: datetime, *, most: int) -> list[str]:
        """Keys under `prefix` of objects stored before that moment, `most` (up to 1,000) of them."""

        def find() -> list[str]:
            found: list[str] = []
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            for page in pages:
                found += [each["Key"] for each in page.get("Contents", ()) if each["LastModified"] < before]
                if len(found) >= most:
                    break
            return found[:most]

        return await self._run(find)

    async def admit_pages(self, origins: Iterable[str]) -> None:
        """Let pages of these origins send and fetch files by signed URLs (the bucket's CORS rules). Raises `Refused`."""
        rule: CORSRuleTypeDef = {
            "AllowedOrigins": sorted(origins),
            "AllowedMethods": ["GET", "HEAD", "PUT", "POST"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3600,
        }
        try:
            await self._run(
                self._client.put_bucket_cors, Bucket=self._bucket, CORSConfiguration={"CORSRules": [rule]}
            )
        except botocore.exceptions.ClientError as fault:
            raise Refused(f"status {_status(fault)}") from fault

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


class Parts:
    """An object on its way, part after part. Every part but the last has 5 MiB at least."""

    def __init__(self, client: S3Client, run: _Run, bucket: str, key: str, upload: str) -> None:
        self._client = client
        self._run = run
        self._bucket = bucket
        self._key = key
        self._upload = upload
        self._sent: list[CompletedPartTypeDef] = []
        self.size = 0  # bytes, so far
        self.finished = False

    async def send(self, body: bytes) -> None:
        """Send the next part. Raises `StoreUnavailable`."""
        number = len(self._sent) + 1
        answer = await self._run(
            self._client.upload_part,
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload,
            PartNumber=number,
            Body=body,
        )
        self._sent.append({"ETag": answer["ETag"], "PartNumber": number})
        self.size += len(body)

    async def finish(self) -> None:
        """The object is there now, whole. Raises `StoreUnavailable`."""
        await self._run(
            self._client.complete_multipart_upload,
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload,
            MultipartUpload={"Parts": self._sent},
        )
        self.finished = True

    async def give_up(self) -> None:
        """Drop what was sent. What cannot be dropped now is left to `S3.abort_parts`."""
        with suppress(StoreUnavailable, botocore.exceptions.ClientError):
            await self._run(
                self._client.abort_multipart_upload,
                Bucket=self._bucket,
                Key=self._key,
                UploadId=self._upload,
            )


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
