"""Servers by which two browsers find a way to each other: STUN tells them their addresses, TURN carries what cannot go
directly.

Credentials for TURN are those of coturn's REST scheme (draft-uberti-behave-turn-rest-00, `use-auth-secret`): the name is
"<expiry, seconds since 1970 UTC>:<user>", the password its HMAC-SHA1 under a secret that only we and the server know. They
are made on the spot, are good for any server with that secret until they expire, and are looked up nowhere.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

from common import protocol
from common.settings import Environment
from common.units import HOURS

LIFE: Final = 6 * HOURS  # a call that goes on for longer keeps its allocation; a new one asks again
_STUN: Final = ("stun:", "stuns:")
_TURN: Final = ("turn:", "turns:")


@dataclass(frozen=True, slots=True)
class IceServers:
    """What an operator offers. Without any, only those who reach each other directly can call."""

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)

    def for_user(self, user: str, now_s: int) -> list[protocol.IceServer]:
        """The servers for a person, as a browser's `RTCPeerConnection` takes them."""
        servers = [protocol.IceServer(urls=list(self.stun))] if self.stun else []
        if self.turn:
            name, password = credentials(self.secret, user, now_s)
            servers.append(protocol.IceServer(urls=list(self.turn), username=name, credential=password))
        return servers


def credentials(secret: str, user: str, now_s: int) -> tuple[str, str]:
    """A name and a password for TURN, good for `LIFE`."""
    name = f"{now_s + int(LIFE)}:{user}"
    digest = hmac.digest(secret.encode(), name.encode(), "sha1")
    return name, b64encode(digest).decode()


def read_ice_servers(env: Environment) -> IceServers:
    """The servers of `STUN_URLS`, `TURN_URLS` and `TURN_SECRET`."""
    stun, turn = env.words("STUN_URLS"), env.words("TURN_URLS")
    for name, urls, schemes in (("STUN_URLS", stun, _STUN), ("TURN_URLS", turn, _TURN)):
        env.faults += [
            f"{name}: {url!r} is not like {schemes[0]}host:3478"
            for url in urls
            if not url.startswith(schemes)
        ]
    secret = env.text("TURN_SECRET", None if turn else "", min_length=16)
    return IceServers(stun, turn, secret)
