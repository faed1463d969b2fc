"""Tokens that prove nothing: every one is refused, with a code that tells whether a newer one would help."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.clock import now_ms
from common.ids import uuid7
from common.tokens import Claims, SigningKey, sign
from tests.support.rawsocket import open_raw
from tests.support.world import Person, Replica


def part(**fields: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


def claims_of(person: Person, **changes: object) -> dict[str, object]:
    now = now_ms() // 1000
    return {
        "sub": person.id, "sid": person.session, "jti": uuid7(), "roles": ["mentee"], "permissions": [],
        "iat": now - 1, "exp": now + 900, "iss": "madang", **changes,
    }  # fmt: skip


def signed(person: Person, key: SigningKey | None = None, **changes: object) -> str:
    """Claims under a key: this person's when no other is given."""
    key = key or person.key
    return jwt.PyJWS(algorithms=["EdDSA"]).encode(
        json.dumps(claims_of(person, **changes)).encode(),
        key.private,
        algorithm="EdDSA",
        headers={"kid": key.kid},
    )


def other_key(person: Person) -> str:
    return signed(person, SigningKey(uuid7(), Ed25519PrivateKey.generate()))


def forged_key(person: Person) -> str:
    """Another key under the name of ours."""
    return signed(person, SigningKey(person.key.kid, Ed25519PrivateKey.generate()))


def no_algorithm(person: Person) -> str:
    return f"{part(alg='none', kid=person.key.kid)}.{part(**claims_of(person))}."


def public_key_as_secret(person: Person) -> str:
    """HMAC with what everybody knows: the public key."""
    return jwt.PyJWS().encode(
        json.dumps(claims_of(person)).encode(), person.key.public_jwk.x, algorithm="HS256",
        headers={"kid": person.key.kid},
    )  # fmt: skip


def changed_after(person: Person) -> str:
    head, _, signature = person.token().split(".")
    return f"{head}.{part(**claims_of(person, sub=uuid7()))}.{signature}"


BAD: list[Callable[[Person], str]] = [
    other_key,
    forged_key,
    no_algorithm,
    public_key_as_secret,
    changed_after,
]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
async def test_a_forged_token_is_bad_and_another_try_would_not_help(
    replica: Replica, mina: Person, make: Callable[[Person], str]
) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": make(mina)})
        assert await raw.ends() == (4500, "bad_token")


@pytest.mark.parametrize(
    "token",
    ["x", "a.b.c", "...", "." * 8000, "a" * 8192, "안녕", "\x00", "eyJhbGciOiJFZERTQSJ9..", part(kid=7) + ".a.b",
     part(kid=["x"]) + ".a.b", part() + "." + part() + ".c"],
)  # fmt: skip
async def test_what_is_no_token_is_bad(replica: Replica, token: str) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": token})
        assert await raw.ends() == (4500, "bad_token")


@pytest.mark.parametrize(
    "changes",
    [{"iss": "somebody"}, {"iat": 9_999_999_999}, {"exp": "soon"}, {"sub": 7}, {"sid": None}],
    ids=lambda changes: next(iter(changes)),
)
async def test_claims_that_are_not_ours_are_bad(
    replica: Replica, mina: Person, changes: dict[str, object]
) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": signed(mina, **changes)})
        assert await raw.ends() == (4500, "bad_token")


async def test_a_token_past_its_end_asks_for_a_newer_one(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": mina.token(-60)})
        assert await raw.ends() == (4005, "token_expired")


async def test_no_token_anywhere_is_bad(replica: Replica) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello"})
        assert await raw.ends() == (4500, "bad_token")


async def test_a_session_that_nobody_knows_is_over(replica: Replica, mina: Person) -> None:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": mina.token(session=uuid7())})
        assert await raw.ends() == (4503, "session_revoked")


async def test_many_names_of_unknown_keys_ask_the_store_once(replica: Replica, mina: Person) -> None:
    """Anybody can name a key; the keys are read again at most every few seconds."""
    for _ in range(10):
        async with open_raw(replica.port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": other_key(mina)})
            assert (await raw.ends()).code == 4500


def test_the_good_one_that_these_differ_from_is_good(mina: Person) -> None:
    """Lest everything above is refused for another reason."""
    claims = Claims(**claims_of(mina))  # type: ignore[arg-type]
    assert sign(claims, mina.key).split(".")[0] == signed(mina).split(".")[0]
