"""The signing keys: two alive, sealed at rest, rotated by age, agreed on by every process."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import jwt
import msgspec
import pytest
import trio

from common import aio, feed
from common.clock import from_ms
from common.postgres import Connection
from common.tokens import PublicJwk, public_keys, verify
from control.identity import keys, upkeep
from control.identity.keys import KeyRing
from control.sealing import CannotOpen, Sealer
from control.services import open_services
from control.settings import Settings
from tests.support.control import SECRET, Control, running_control


async def rows(control: Control, sql: str) -> list[Any]:
    async def ask(connection: Connection) -> list[Any]:
        return await connection.fetch(sql)

    return await control.services.db.read(ask)


async def rotate(control: Control, secret: str = SECRET) -> str:
    now = from_ms(control.clock())
    return await control.services.db.transaction(keys.rotate, Sealer(secret, "signing keys"), now)


def ring(control: Control, secret: str = SECRET) -> KeyRing:
    """The view of another process."""
    return KeyRing(control.services.db, Sealer(secret, "signing keys"), control.clock)


async def published(http: httpx.AsyncClient) -> list[str]:
    return [jwk["kid"] for jwk in (await http.get("/.well-known/jwks.json")).json()["keys"]]


async def test_two_keys_are_alive_and_one_of_them_signs(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    answer = await control.http.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    jwks = answer.json()["keys"]
    assert len(jwks) == 2
    assert all(set(jwk) == {"kty", "crv", "x", "kid", "use", "alg"} for jwk in jwks)
    assert jwt.get_unverified_header(tokens["access_token"])["kid"] in {jwk["kid"] for jwk in jwks}
    verify(tokens["access_token"], public_keys(msgspec.convert(jwks, list[PublicJwk])), control.clock())


async def test_the_private_half_rests_sealed(control: Control) -> None:
    signing = await control.services.keys.signing()
    raw = signing.private.private_bytes_raw()
    for row in await rows(control, "SELECT * FROM signing_keys"):
        assert raw not in row["private_sealed"]
        assert "d" not in msgspec.json.decode(row["public_jwk"])
    with pytest.raises(CannotOpen):
        await ring(control, "another secret of thirty-two chars").signing()


async def test_a_rotation_moves_next_to_signing_and_keeps_what_was_signed_good(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    [signing, coming] = await published(control.http)
    assert await rotate(control) == coming
    assert (await ring(control).signing()).kid == coming
    jwks = [jwk.kid for jwk in (await ring(control).jwks()).keys]
    assert jwks[:2] == [signing, coming]
    assert len(jwks) == 3
    verify(tokens["access_token"], await ring(control).public(signing), control.clock())
    control.clock.pass_seconds(18 * 60)
    assert [jwk.kid for jwk in (await ring(control).jwks()).keys] == jwks[1:]
    assert feed.KeysChanged() in [
        msgspec.json.decode(row["data"], type=feed.AnyChange)
        for row in await rows(control, "SELECT data FROM outbox")
    ]


async def test_a_token_of_a_key_that_another_process_made_a_moment_ago(control: Control) -> None:
    """Read anew for it, but once a second: made-up key names would make us ask for ever."""
    ours = ring(control)
    await ours.signing()
    await rotate(control)
    await rotate(control)
    newest = (await ring(control).signing()).kid
    assert newest not in await ours.public(newest)
    control.clock.pass_seconds(1)
    assert newest in await ours.public(newest)


async def test_keys_rotate_by_age(control: Control) -> None:
    [signing, coming] = await published(control.http)
    control.clock.pass_seconds(keys.KEY_LIFE - 60)
    await upkeep.once(control.services)
    assert (await ring(control).signing()).kid == signing
    control.clock.pass_seconds(60)
    await upkeep.once(control.services)
    assert (await ring(control).signing()).kid == coming


async def test_processes_that_start_at_once_agree_on_one_pair(control_settings: Settings) -> None:
    async with aio.open_loop(), open_services(control_settings) as services:
        async with trio.open_nursery() as nursery:
            for _ in range(8):
                nursery.start_soon(upkeep.once, services)
        async with running_control(control_settings) as control:
            assert len(await rows(control, "SELECT FROM signing_keys")) == 2


async def test_a_changed_secret_needs_a_rotation_and_then_works(control: Control) -> None:
    secret = "another secret of thirty-two chars"
    with pytest.raises(CannotOpen):
        await ring(control, secret).signing()
    await rotate(control, secret)
    assert (await ring(control, secret).signing()).kid
    assert len((await ring(control, secret).jwks()).keys) == 3


async def test_what_has_ended_is_swept_away(control: Control) -> None:
    person = await control.sign_up()
    await control.tokens(person)
    await control.prove("010-9999-0000")
    await control.post("/api/v1/phone-codes", {"phone": "010-9999-0001"})

    async def count() -> dict[str, int]:
        tables = ("contact_codes", "contact_proofs", "sessions", "refresh_tokens", "users")
        return {each: (await rows(control, f"SELECT count(*) AS n FROM {each}"))[0]["n"] for each in tables}

    await upkeep.once(control.services)
    assert await count() == dict.fromkeys(
        ("contact_codes", "contact_proofs", "sessions", "refresh_tokens", "users"), 1
    )
    control.clock.pass_seconds(timedelta(days=15).total_seconds() + 1)
    await upkeep.once(control.services)
    assert await count() == {
        "contact_codes": 0,
        "contact_proofs": 0,
        "sessions": 0,
        "refresh_tokens": 0,
        "users": 1,
    }
