"""A zip file that is sent while it is made: no more of it is ever here than a part or two.

Packing takes time, so it is done in threads; one at a time, for a zip file has one end.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import IO, Final

import trio

from common.s3 import Parts
from common.units import MIB

PART: Final = 8 * MIB  # ten thousand of them are the most that an object can have


class _Outlet(io.RawIOBase):
    """Where the packed bytes come out. It cannot seek, so `zipfile` writes the sizes of a file behind it."""

    def __init__(self) -> None:
        self.packed = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        before = len(self.packed)
        self.packed += data  # type: ignore[arg-type]  # any buffer
        return len(self.packed) - before


class Zip:
    """A zip file on its way to the store. Use `open_zip`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w")

    @asynccontextmanager
    async def file(self, name: str, *, at: datetime, packed: bool = True) -> AsyncIterator[File]:
        """A file in it, to be written to; one at a time. `packed`: whether it is worth the trouble."""
        about = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        inner = self._zip.open(about, "w", force_zip64=True)
        try:
            yield File(self, inner)
        finally:
            inner.close()
        await self.flush(PART)

    async def flush(self, most: int) -> None:
        """Send what is packed, as long as it is `most` bytes or more."""
        while len(self._outlet.packed) >= max(most, 1):
            part = bytes(self._outlet.packed[:PART])
            del self._outlet.packed[:PART]
            await self._parts.send(part)

    async def end(self) -> None:
        """Write the directory, and send the rest."""
        self._zip.close()
        await self.flush(1)


class File:
    """One file in a zip file."""

    def __init__(self, whole: Zip, inner: IO[bytes]) -> None:
        self._whole = whole
        self._inner = inner

    async def write(self, data: bytes) -> None:
        """Write some of it; not more than a few MiB at once."""
        await trio.to_thread.run_sync(self._inner.write, data)
        await self._whole.flush(PART)


@asynccontextmanager
async def open_zip(parts: Parts) -> AsyncIterator[Zip]:
    """A zip file, whole when the block ends."""
    made = Zip(parts)
    yield made
    await made.end()
