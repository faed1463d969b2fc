"""Timezones by their names in the IANA database, as `Asia/Seoul`."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo | None:
    """The timezone of this name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_for(name: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The timezone that somebody chose; `otherwise` for who chose none, or one that there is not any more."""
    return (zone_of(name) if name else None) or otherwise
