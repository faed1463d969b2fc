"""S3 as we use it: files travel by signed URLs, and we ask what is there."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from common.errors import StoreUnavailable
from common.s3 import StoredObject, open_s3


async def test_a_file_goes_up_and_comes_down_by_signed_urls(s3_url: str) -> None:
    async with open_s3(s3_url) as s3, httpx.AsyncClient(verify=False) as http:
        await s3.ready()
        assert await s3.head("notes/하나.txt") is None
        put = await s3.presign_put("notes/하나.txt", media_type="text/plain", size=5, seconds=60)
        headers = {"content-type": "text/plain"}
        assert (await http.put(put, content=b"hello", headers=headers)).status_code == 200
        stored = await s3.head("notes/하나.txt")
        assert isinstance(stored, StoredObject)
        assert (stored.size, stored.media_type) == (5, "text/plain")
        get = await s3.presign_get("notes/하나.txt", seconds=60, disposition='attachment; filename="one.txt"')
        answer = await http.get(get)
        assert answer.content == b"hello"
        assert answer.headers["content-disposition"] == 'attachment; filename="one.txt"'


async def test_a_signed_url_takes_that_file_and_no_other(s3_url: str) -> None:
    async with open_s3(s3_url) as s3, httpx.AsyncClient(verify=False) as http:
        put = await s3.presign_put("a.txt", media_type="text/plain", size=5, seconds=60)
        larger = await http.put(put, content=b"hello, world", headers={"content-type": "text/plain"})
        another = await http.put(put, content=b"hello", headers={"content-type": "text/html"})
        assert (larger.status_code, another.status_code) == (403, 403)
        assert await s3.head("a.txt") is None


async def test_a_store_that_is_away_is_unavailable(unused_url: str) -> None:
    async with open_s3(unused_url) as s3:
        with pytest.raises(StoreUnavailable) as away:
            await s3.ready()
        assert away.value.store == "s3"


async def test_a_bucket_that_is_not_there_is_away(s3_url: str) -> None:
    async with open_s3(urlunsplit(urlsplit(s3_url)._replace(path="/nowhere"))) as s3:
        with pytest.raises(StoreUnavailable):
            await s3.ready()


async def test_a_url_that_lacks_something() -> None:
    for url in ("http://a:b@host", "http://host/bucket", "http://a:b@host/bucket/more"):
        with pytest.raises(ValueError, match="ACCESS"):
            async with open_s3(url):
                pass


@pytest.fixture
def unused_url() -> str:
    """The URL of a port where nobody listens."""
    return "http://access:secret@127.0.0.1:1/bucket"
