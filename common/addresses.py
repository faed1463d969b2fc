"""Where somebody comes from: the address of a client behind proxies, and whose word on it is believed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Network = IPv4Network | IPv6Network
Trusted = tuple[Network, ...]

THIS_MACHINE: Final = "127.0.0.0/8,::1/128"  # a proxy on this machine
UNKNOWN: Final = "unknown"


def client_address(peer: str | None, forwarded_for: str, trusted: Trusted) -> str:
    """The address of the client: the nearest one in X-Forwarded-For that is no proxy of ours.

    Each proxy appends whom it heard, so the list is read from its end, and only as far as those who wrote it are
    trusted; what stands before is hearsay.
    """
    heard = [peer or "", *reversed(forwarded_for.split(","))]
    nearest = UNKNOWN
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


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
