"""Tokens prove what was signed, by whom, and until when; nothing else does."""

from __future__ import annotations

import base64
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from common.errors import MadangError
from common.tokens import Claims, PublicJwk, SigningKey, key_id, public_keys, sign, verify

KEY = SigningKey("k1", Ed25519PrivateKey.generate())
OTHER = SigningKey("k2", Ed25519PrivateKey.generate())
KEYS = public_keys([KEY.public_jwk])
NOW = 1_800_000_000
NOW_MS = NOW * 1000


def claims(**changes: Any) -> Claims:
    usual: dict[str, Any] = {
        "sub": "somebody",
        "sid": "session",
        "jti": "one",
        "roles": ("mentee",),
        "permissions": ("room.join",),
        "iat": NOW,
        "exp": NOW + 900,
    }
    return Claims(**(usual | changes))


def code_of(token: str, now_ms: int = NOW_MS, keys: Any = KEYS) -> str:
    with pytest.raises(MadangError) as refused:
        verify(token, keys, now_ms)
    return refused.value.code


def forged(header: dict[str, Any], payload: bytes, key: Any = KEY.private) -> str:
    """A token with any header; signed with `key` where the algorithm needs one."""
    return jwt.PyJWS().encode(payload, key, algorithm=header.pop("alg"), headers=header)


def test_what_was_signed_comes_back() -> None:
    assert verify(sign(claims(), KEY), KEYS, NOW_MS) == claims()
    assert key_id(sign(claims(), KEY)) == "k1"


def test_it_ends_on_the_second_give_or_take_our_clocks() -> None:
    token = sign(claims(), KEY)
    verify(token, KEYS, NOW_MS + 900_000 + 1_999)
    assert code_of(token, NOW_MS + 900_000 + 2_000) == "token_expired"


def test_it_has_not_begun() -> None:
    verify(sign(claims(iat=NOW + 2), KEY), KEYS, NOW_MS)
    assert code_of(sign(claims(iat=NOW + 3), KEY)) == "token_invalid"


def test_another_key_under_a_known_name() -> None:
    assert code_of(sign(claims(), SigningKey("k1", OTHER.private))) == "token_invalid"


def test_a_key_we_do_not_know() -> None:
    assert code_of(sign(claims(), OTHER)) == "token_invalid"


def test_another_issuer() -> None:
    assert code_of(sign(claims(iss="somebody else"), KEY)) == "token_invalid"


def test_the_algorithm_is_ours_to_choose() -> None:
    payload = msgspec.json.encode(claims())
    public = KEY.public_jwk.x.encode()
    assert code_of(forged({"alg": "none", "kid": "k1"}, payload, None)) == "token_invalid"
    assert code_of(forged({"alg": "HS256", "kid": "k1"}, payload, public * 2)) == "token_invalid"


def test_signed_nonsense() -> None:
    for payload in (b"", b"{}", b"[]", b"nonsense", b'{"sub": 1}'):
        assert code_of(forged({"alg": "EdDSA", "kid": "k1"}, payload)) == "token_invalid"


def test_every_changed_character_is_noticed() -> None:
    token = sign(claims(), KEY)
    ends = {
        index - 1 for index, each in enumerate(f"{token}.") if each == "."
    }  # some of their bits carry nothing
    for index in set(range(len(token))) - ends:
        changed = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        assert code_of(changed) == "token_invalid", index


@given(st.one_of(st.text(max_size=300), st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode())))
def test_any_text_is_refused_and_nothing_else_happens(text: str) -> None:
    assert code_of(text) == "token_invalid"
    assert key_id(text) is None or isinstance(key_id(text), str)


def test_a_huge_token_is_refused_unread() -> None:
    assert code_of("a" * 10_000) == "token_invalid"


def test_a_public_key_survives_its_jwk() -> None:
    jwk = msgspec.json.decode(msgspec.json.encode(KEY.public_jwk), type=PublicJwk)
    verify(sign(claims(), KEY), public_keys([jwk]), NOW_MS)
    with pytest.raises(ValueError, match="public key"):
        public_keys([PublicJwk(kid="x", x="AAAA")])
