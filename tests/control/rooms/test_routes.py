"""What every operation on rooms and people refuses, taken from the table of operations itself."""

from __future__ import annotations

import re

import httpx
import msgspec

from common.permissions import BOT
from common.tokens import sign
from control.operations import Operation
from control.people.routes import operations as people
from control.rooms.inviting_routes import operations as invitations
from control.rooms.moderation_routes import operations as moderation
from control.rooms.routes import operations as rooms
from tests.control.rooms.conftest import Guests, claims_of, refused
from tests.support.control import Control

OPERATIONS = [*rooms.table, *moderation.table, *invitations.table, *people.table]
SOMETHING = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
JSON = {"content-type": "application/json"}


async def send(http: httpx.AsyncClient, operation: Operation, content: bytes = b"{}") -> httpx.Response:
    path = re.sub(r"{\w+}", SOMETHING, operation.path)
    body = {"content": content, "headers": JSON} if operation.body else {}
    return await http.request(operation.method, path, **body)  # type: ignore[arg-type]


async def test_who_is_not_logged_in_is_asked_to(control: Control) -> None:
    for operation in OPERATIONS:
        refused(await send(control.http, operation), "unauthenticated")


async def test_a_token_without_the_permission_opens_nothing(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    claims = claims_of(mina.id, mina.session, control.clock.now_ms // 1000)
    key = await control.services.keys.signing()
    for operation in OPERATIONS:
        others = tuple(each for each in claims.permissions if each != operation.permission)
        token = sign(msgspec.structs.replace(claims, roles=(BOT,), permissions=others), key)
        async with control.with_token(token) as client:
            refused(await send(client, operation), "forbidden")


async def test_bodies_that_are_no_json_no_object_or_too_large_are_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    for operation in OPERATIONS:
        if operation.body is None:
            continue
        refused(await send(mina.http, operation, b"{"), "malformed")
        refused(await send(mina.http, operation, b"\xff"), "malformed")
        refused(await send(mina.http, operation, b"[]"), "invalid")
        refused(await send(mina.http, operation, b" " * (operation.body_limit + 1)), "too_large")


async def test_ids_that_are_none_are_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    for operation in OPERATIONS:
        if operation.path_parameters:
            for wrong in ("1", SOMETHING.upper(), SOMETHING + "0", "%00"):
                path = re.sub(r"{\w+}", wrong, operation.path)
                refused(await mina.http.request(operation.method, path), "invalid")
