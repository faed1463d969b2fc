"""Who is asking: a person with a live session, proven by an access token."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A logged-in person. `user` and `session` are UUID text; `by_cookie` when the browser sent the token by itself."""

    user: str
    session: str
    roles: tuple[str, ...]
    permissions: frozenset[str]
    by_cookie: bool
