"""What a request says of itself, and how far it is believed: its id, its client's address, its pages' origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from common import addresses
from common.addresses import Trusted, is_trusted
from common.ids import uuid7

_SANE_ID: Final = re.compile(r"[0-9A-Za-z_.-]{8,64}")
_SECRET_IN_PATH: Final = re.compile(r"(hooks/+[^/]*/).*", re.DOTALL | re.IGNORECASE)


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in lower case; repeated ones joined, as RFC 9110 §5.3 (and RFC 9113 for cookies) allow."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        glue = "; " if key == "cookie" else ", "
        headers[key] = f"{headers[key]}{glue}{text}" if key in headers else text
    return headers


def client_address(peer: str | None, headers: Mapping[str, str], trusted: Trusted) -> str:
    """The address of the client, past the proxies that are trusted."""
    return addresses.client_address(peer, headers.get("x-forwarded-for", ""), trusted)


def request_id(peer: str | None, headers: Mapping[str, str], trusted: Trusted) -> str:
    """The id a proxy of ours gave this request, or a new one."""
    given = headers.get("x-request-id", "")
    if is_trusted(peer, trusted) and _SANE_ID.fullmatch(given):
        return given
    return uuid7()


def loggable(path: str) -> str:
    """`path` without the secret of a webhook's address, wherever it stands and whether or not such a route is served."""
    return _SECRET_IN_PATH.sub(r"\1[secret]", path)


def is_from_our_pages(headers: Mapping[str, str], origins: frozenset[str]) -> bool:
    """Whether a browser says that one of our own pages made this request.

    Every browser sends Origin with a request that may change something, and Sec-Fetch-Site beside it; a page can forge
    neither. Without both it is no browser, and has no business with cookies.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin in origins
    return headers.get("sec-fetch-site") == "same-origin"
