"""Access tokens: EdDSA JSON Web Tokens (RFC 7519, RFC 8037), signed and verified as pure functions.

Control signs, with the one key that is active; control and chatd verify, with the public keys of the table
`signing_keys`. The algorithm is pinned: what a token says of itself is never believed. Verifying says nothing of
whether the session still lives; that is asked of PostgreSQL (control) or heard through the feed (chatd).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.utils import base64url_decode, base64url_encode

from common.errors import MadangError
from common.units import MINUTES, SECONDS, to_ms

ISSUER: Final = "madang"
ACCESS_LIFE: Final = 15 * MINUTES
LEEWAY: Final = 2 * SECONDS  # how far our own machines' clocks may be apart
ACCESS_COOKIE: Final = "madang_access"

_ALGORITHM: Final = "EdDSA"
_LONGEST: Final = 8192
_jws: Final = jwt.PyJWS(algorithms=[_ALGORITHM])


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says: who (`sub`), in which session (`sid`), what they may do, and from when to when (seconds).

    `aud` is there when it is good in one place alone: on chatd's sockets. Pages may hold such a one, since nothing can be
    had over HTTP with it.
    """

    sub: str
    sid: str
    jti: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    iat: int
    exp: int
    iss: str = ISSUER
    aud: Literal["socket"] | msgspec.UnsetType = msgspec.UNSET

    @property
    def expires_at(self) -> int:
        """The end, in milliseconds since 1970 UTC."""
        return self.exp * 1000


class PublicJwk(msgspec.Struct, frozen=True, kw_only=True):
    """A public Ed25519 key as a JSON Web Key (RFC 8037 §2)."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    use: str = "sig"
    alg: str = _ALGORITHM


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the name its tokens carry."""

    kid: str
    private: Ed25519PrivateKey

    @property
    def public_jwk(self) -> PublicJwk:
        """The half that everybody may know."""
        raw = self.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return PublicJwk(kid=self.kid, x=base64url_encode(raw).decode())


PublicKeys = Mapping[str, Ed25519PublicKey]


def public_keys(jwks: Iterable[PublicJwk]) -> PublicKeys:
    """Keys to verify with, by their `kid`. Raises ValueError for what is no Ed25519 key."""
    return {jwk.kid: Ed25519PublicKey.from_public_bytes(base64url_decode(jwk.x)) for jwk in jwks}


def sign(claims: Claims, key: SigningKey) -> str:
    """The token that says `claims`."""
    return _jws.encode(
        msgspec.json.encode(claims), key.private, algorithm=_ALGORITHM, headers={"kid": key.kid}
    )


def verify(token: str, keys: PublicKeys, now_ms: int) -> Claims:
    """What `token` says, proven: one of `keys` signed it, we issued it, and `now_ms` is within its life.

    Raises MadangError `token_expired`, or `token_invalid` for everything else that is wrong with it.
    """
    claims = _proven(token, keys)
    leeway = to_ms(LEEWAY)
    if claims.iss != ISSUER or claims.iat * 1000 > now_ms + leeway:
        raise MadangError("token_invalid")
    if claims.expires_at + leeway <= now_ms:
        raise MadangError("token_expired")
    return claims


def key_id(token: str) -> str | None:
    """The name of the key that `token` claims to be signed with: unproven, good only to decide to read keys again."""
    return _key_named_in(token.partition(".")[0]) if len(token) <= _LONGEST else None


@lru_cache(maxsize=64)
def _key_named_in(header: str) -> str | None:
    """All tokens of one key begin with the same header, so it is read once for thousands who come at the same time."""
    try:
        kid = jwt.get_unverified_header(f"{header}..").get("kid")
    except jwt.InvalidTokenError:
        return None
    return kid if isinstance(kid, str) else None


def _proven(token: str, keys: PublicKeys) -> Claims:
    if len(token) > _LONGEST:
        raise MadangError("token_invalid")
    key = keys.get(key_id(token) or "")
    if key is None:
        raise MadangError("token_invalid")
    try:
        payload = _jws.decode(token, key, algorithms=[_ALGORITHM])
        return msgspec.json.decode(payload, type=Claims)
    except (jwt.InvalidTokenError, msgspec.MsgspecError):
        raise MadangError("token_invalid") from None
