"""Control in this process, on a port of its own, with people who can sign up and log in.

async def test_me(control):
    arin = await control.log_in(await control.sign_up())
    assert (await arin.get("/api/v1/me")).status_code == 200
"""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import trio

from common import aio
from common.postgres import Connection
from control import migrations
from control.services import Services, open_services
from control.serving import run
from control.settings import Settings, read_settings

ORIGIN = "http://pages.test"
PASSWORD = "a-long-walk-by-the-river"
SECRET = "a secret that only tests know, 32+"
# Seconds that a test waits for what is to come: nothing takes so long, unless it is broken.
PATIENCE: Final = 60
_GRANT = "INSERT INTO user_roles (user_id, role) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING"
_numbers = itertools.count(10_000_000)


class Clock:
    """Time that stands still until a test moves it. Starts at the real time, since the tokens' readers compare."""

    def __init__(self) -> None:
        import time

        self.now_ms = time.time_ns() // 1_000_000

    def __call__(self) -> int:
        return self.now_ms

    def pass_seconds(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)


@dataclass
class Person:
    """What somebody needs to sign up and log in."""

    email: str
    nickname: str
    phone: str
    password: str = PASSWORD
    name: str = "김아린"


def somebody() -> Person:
    """A person nobody has met before."""
    number = next(_numbers)
    return Person(f"p{number}@example.org", f"아린{number}", f"+8210{number}")


@dataclass
class Control:
    """A running control, and how to speak to it."""

    url: str
    services: Services
    http: httpx.AsyncClient
    clock: Clock

    async def code_of(self, phone: str) -> str:
        """The newest code that was sent to `phone`."""
        outbox = (await self.http.get("/api/v1/dev/outbox", params={"phone": phone})).json()
        text: str = outbox["messages"][0]["text"]
        return "".join(each for each in text if each.isdigit())[:6]

    async def prove(self, phone: str) -> str:
        """A proof of `phone`."""
        sent = await self.http.post("/api/v1/phone-codes", json={"phone": phone})
        assert sent.status_code == 202, sent.text
        proven = await self.http.post(
            "/api/v1/phone-codes/verify", json={"phone": phone, "code": await self.code_of(phone)}
        )
        assert proven.status_code == 200, proven.text
        proof: str = proven.json()["proof"]
        return proof

    async def sign_up(self, person: Person | None = None, **extra: Any) -> Person:
        """Sign somebody up, by the front door."""
        person = person or somebody()
        answer = await self.http.post("/api/v1/accounts", json=await self.form(person, **extra))
        assert answer.status_code == 201, answer.text
        return person

    async def form(self, person: Person, **extra: Any) -> dict[str, Any]:
        """What a sign-up sends, with a fresh proof unless `extra` brings one."""
        proof = extra.pop("proof", None) or await self.prove(person.phone)
        return {
            "proof": proof,
            "email": person.email,
            "name": person.name,
            "nickname": person.nickname,
            "password": person.password,
            **extra,
        }

    async def tokens(self, person: Person, **extra: Any) -> dict[str, Any]:
        """The answer to a log-in."""
        answer = await self.http.post(
            "/api/v1/sessions", json={"email": person.email, "password": person.password, **extra}
        )
        assert answer.status_code == 201, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """POST as nobody in particular."""
        return await self.http.post(path, json=body if body is not None else {}, **options)

    async def log_in(self, person: Person) -> httpx.AsyncClient:
        """A client that sends the access token of a new session. It shares this one's connections."""
        return self.with_token((await self.tokens(person))["access_token"])

    async def grant(self, user: str, *roles: str) -> None:
        """Roles beside those that somebody has, as of now and without any admin."""

        async def add(connection: Connection) -> None:
            await connection.execute(_GRANT, user, list(roles))

        await self.services.db.transaction(add)

    def with_token(self, token: str) -> httpx.AsyncClient:
        """A client that sends `token`."""
        return httpx.AsyncClient(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"},
            transport=self.http._transport,
            timeout=self.http.timeout,
        )

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client that keeps its own cookies, as a browser does, and sends `headers`."""
        return httpx.AsyncClient(base_url=self.url, headers=headers, verify=False, timeout=self.http.timeout)


def settings_of(**urls: str) -> Settings:
    """Settings for tests: `database_url`, `redis_url`, `mongo_url`, `s3_url`."""
    return read_settings(
        {
            "MADANG_PROFILE": "test",
            "MADANG_SECRET": SECRET,
            "MADANG_PUBLIC_URL": "http://127.0.0.1",
            "MADANG_ORIGINS": ORIGIN,
            "CONTROL_PORT": "0",
            "PASSWORD_COST": "4",
            "RATE_SCALE": "1000",
            "MADANG_WEB": "/nowhere",  # whether the web app was built changes nothing but where a test says so
            **{name.upper(): url for name, url in urls.items()},
        }
    )


def program_environment(settings: Settings) -> dict[str, str]:
    """The environment of `python -m control` with the stores of `settings`."""
    return {
        **os.environ,
        "MADANG_PROFILE": "test",
        "MADANG_SECRET": SECRET,
        "MADANG_PUBLIC_URL": "http://127.0.0.1",
        "PASSWORD_COST": "4",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MONGO_URL": settings.mongo_url,
        "S3_URL": settings.s3_url,
    }


@asynccontextmanager
async def running_control(settings: Settings, **changes: Any) -> AsyncIterator[Control]:
    """Migrate, serve, and stop as asked at the end. `changes` replace fields of the settings.

    Limits of rate go by the same clock as everything else: none is refilled while a busy machine works. Nor is a store taken
    to be away because it, or we, had no time to answer.
    """
    settings, clock = replace(settings, **changes), Clock()
    async with aio.open_loop(), open_services(settings, clock=clock) as services:
        services.limits._now_ms = clock
        services.readiness._deadline = services.db._patience = PATIENCE
        await migrations.apply(services.db)
        async with trio.open_nursery() as nursery:
            url: str = await nursery.start(run, services)
            async with httpx.AsyncClient(base_url=url, verify=False, timeout=PATIENCE) as http:
                yield Control(url, services, http, clock)
            services.shutdown.ask()
