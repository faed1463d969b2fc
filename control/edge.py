"""What a request says of itself, and how far it is believed: its id, its client's address, its pages' origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from common.ids import uuid7
from control.settings import Network

_SANE_ID: Final = re.compile(r"[0-9A-Za-z_.-]{8,64}")
_UNKNOWN: Final = "unknown"
_SECRET_IN_PATH: Final = re.compile(r"(hooks/+[^/]*/).*", re.DOTALL | re.IGNORECASE)
Trusted = tuple[Network, ...]


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in lower case; repeated ones joined, as RFC 9110 §5.3 (and RFC 9113 for cookies) allow."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        glue = "; " if key == "cookie" else ", "
        headers[key] = f"{headers[key]}{glue}{text}" if key in headers else text
    return headers


def client_address(peer: str | None, headers: Mapping[str, str], trusted: Trusted) -> str:
    """The address of the client: the nearest one in X-Forwarded-For that is no proxy of ours.

    Each proxy appends whom it heard, so the list is read from its end, and only as far as those who wrote it are
    trusted; what stands before is hearsay.
    """
    heard = [peer or "", *reversed(headers.get("x-forwarded-for", "").split(","))]
    nearest = _UNKNOWN
    for text in heard:
        address = _address(text.strip())
        if address is None:
            break
        nearest = str(address)
        if not is_trusted(nearest, trusted):
            break
    return nearest


def is_trusted(address: str | None, trusted: Trusted) -> bool:
    """Whether `address` is one of our own proxies."""
    parsed = _address(address or "")
    return parsed is not None and any(parsed in network for network in trusted)


def is_local(address: str) -> bool:
    """Whether `address` is of this machine or of a private network (RFC 1918, RFC 4193)."""
    parsed = _address(address)
    return parsed is not None and parsed.is_private


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


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
