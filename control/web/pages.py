"""The door people come in by: what is asked for by GET and is no operation, as far as the web app has it.

A path of the app's own, as `/rooms/…`, is answered with its one page, which knows what to show there; so is the bare
address. Where nothing was built, that leads to the pages about the API. No store is asked and nobody is logged in here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from quart import Response, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound

from common.s3 import parse_s3_url
from control.web.site import File, Site

if TYPE_CHECKING:
    from control.settings import Settings

_READING: Final = frozenset({"GET", "HEAD"})
# What begins like this is never a page of the app: whoever asks for it is a program, and is told that it is not there.
_NOT_PAGES: Final = ("/api/", "/assets/", "/docs/", "/hooks/", "/socket", "/.")
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_FEATURES: Final = (
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
)

Gate = Callable[[], Awaitable[Response | None]]


def gate_of(site: Site | None, settings: Settings) -> Gate:
    """What looks at a request before its operation does. It answers those that no operation is for; None: go on."""
    page_headers = {
        "content-security-policy": policy(settings),
        "permissions-policy": _FEATURES,
        "cross-origin-opener-policy": "same-origin",
    }

    async def gate() -> Response | None:
        if request.method not in _READING or not isinstance(request.routing_exception, NotFound):
            return None
        if site is None:
            return _to_the_docs() if request.path == "/" else None
        if (file := site.files.get(request.path)) is not None:
            return _answer(file, {})
        if is_page(request.path, request.headers):
            return _answer(site.index, page_headers)
        return None

    return gate


def is_page(path: str, headers: Headers) -> bool:
    """Whether somebody wants a page of the app to look at: a browser that goes there says that it takes HTML."""
    return path == "/" or (
        not path.startswith(_NOT_PAGES) and "text/html" in headers.get("accept", "").lower()
    )


def policy(settings: Settings) -> str:
    """The Content-Security-Policy (W3C CSP 3): our own scripts, styles and sockets; files from the store; nothing inline."""
    store = parse_s3_url(settings.s3_url)
    scheme, _, host = store.endpoint.partition("://")
    files = f"{store.endpoint} {scheme}://{store.bucket}.{host}"
    sockets = urlsplit(settings.public_url.replace("http", "ws", 1))._replace(path="").geturl()
    said = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' blob: {files}",
        "media-src": f"'self' blob: {files}",
        "connect-src": f"'self' {sockets} {files}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in said.items())


def _to_the_docs() -> Response:
    return Response(b"", HTTPStatus.SEE_OTHER, {"location": "/docs"})


def _answer(file: File, headers: Mapping[str, str]) -> Response:
    kept = {
        "etag": file.tag,
        "cache-control": _FOREVER if file.is_hashed else _ASK_AGAIN,
        "vary": "accept-encoding",
        **headers,
    }
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(b"", HTTPStatus.NOT_MODIFIED, kept)
    coding, body = file.form(request.headers.get("accept-encoding", ""))
    if coding is not None:
        kept["content-encoding"] = coding
    return Response(body, HTTPStatus.OK, kept, content_type=file.media_type)
