"""Who is it? Logging in, or signing up from a phone number on, by asking at the desk."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import TypeVar

from chatd.client.api import Api, ApiUnavailable
from chatd.client.errors import CommandFailed, TokenRefused, TokenUnavailable
from chatd.client.terminal.desk import Desk
from chatd.client.tokens import Session

Got = TypeVar("Got")


async def enter(desk: Desk, api: Api, email: str | None, password: str | None) -> Session:
    """A session that works. Asks for what is missing, again and again until it is right."""
    desk.tell("hello", url=api.url)
    if email is None:
        desk.tell("log in or sign up")
        if await desk.ask("ask choice"):
            email, password = await _sign_up(desk, api)
    while True:
        asked = email or await desk.ask("ask email")
        session = Session(api, asked, password or await desk.ask("ask password", secret=True))
        desk.tell("logging in")
        try:
            await session()
        except (TokenRefused, TokenUnavailable) as refused:
            desk.tell_text(str(refused))
            password = None
            email = None if isinstance(refused, TokenRefused) else email
            continue
        return session


async def _sign_up(desk: Desk, api: Api) -> tuple[str, str]:
    """A new account; its e-mail and password."""
    proof = await _prove_phone(desk, api)
    while True:
        email = await desk.ask("ask email")
        nickname = await desk.ask("ask nickname")
        name = await desk.ask("ask name")
        password = await desk.ask("ask password", secret=True)
        try:
            person = await api.sign_up(
                proof=proof, email=email, name=name, nickname=nickname, password=password
            )
        except (CommandFailed, ApiUnavailable) as refused:
            _explain(desk, refused)
            if isinstance(refused, CommandFailed) and refused.code in {"phone_unproven", "phone_taken"}:
                proof = await _prove_phone(desk, api)
            continue
        desk.tell("signed up", name=person.nickname)
        return email, password


async def _prove_phone(desk: Desk, api: Api) -> str:
    while True:
        phone = await desk.ask("ask phone")
        if await _trying(desk, api.ask_code(phone)) is None:
            continue
        desk.tell("code sent", phone=phone)
        seen = await _code_in_outbox(api, phone)
        if seen is not None:
            desk.tell("code read", code=seen)
        for _ in range(5):  # as many tries as a code has
            code = await desk.ask("ask code") or seen or ""
            proven = await _trying(desk, api.verify_code(phone, code))
            if proven is not None:
                return proven.proof


async def _code_in_outbox(api: Api, phone: str) -> str | None:
    """The newest code, where this is a development server; None elsewhere."""
    try:
        messages = await api.outbox(phone)
    except (ApiUnavailable, CommandFailed):
        return None
    found = re.search(r"\d{6}", messages[0]) if messages else None
    return found[0] if found else None


async def _trying(desk: Desk, asked: Awaitable[Got]) -> Got | None:
    """What was asked for, or None after telling why not."""
    try:
        return await asked
    except (CommandFailed, ApiUnavailable) as refused:
        _explain(desk, refused)
        return None


def _explain(desk: Desk, refused: CommandFailed | ApiUnavailable) -> None:
    desk.tell_text(refused.message if isinstance(refused, CommandFailed) else str(refused))
