"""The SMS port: what every adapter promises, and what happens when the provider does not keep it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
import pytest

from common import aio
from common.redis import open_redis
from control.app import create_app
from control.identity.sms import LocalOutbox, NoSms, SmsSender, SmsUnavailable
from control.settings import Settings
from tests.support.control import Control, running_control, somebody


@dataclass
class Provider:
    """One that can fail."""

    fails: bool = False
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, phone: str, text: str) -> None:
        if self.fails:
            raise SmsUnavailable("the provider answered 500")
        self.sent.append((phone, text))


@asynccontextmanager
async def over(control: Control, sms: SmsSender) -> AsyncIterator[httpx.AsyncClient]:
    """Control with another sender of messages."""
    app = create_app(replace(control.services, sms=sms))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


async def test_a_provider_that_fails_leaves_nothing_behind(control: Control) -> None:
    provider, phone = Provider(fails=True), somebody().phone
    async with over(control, provider) as http:
        answer = await http.post("/api/v1/phone-codes", json={"phone": phone})
        assert (answer.status_code, answer.json()["code"]) == (503, "sms_unavailable")
        assert answer.json()["temporary"] is True
        tried = await http.post("/api/v1/phone-codes/verify", json={"phone": phone, "code": "000000"})
        assert tried.json()["code"] == "code_expired"
        provider.fails = False
        assert (await http.post("/api/v1/phone-codes", json={"phone": phone})).status_code == 202
        assert len(provider.sent) == 1


async def test_without_a_provider_nobody_can_sign_up_and_everything_else_works(
    control_settings: Settings,
) -> None:
    async with running_control(control_settings, sms="none") as control:
        answer = await control.post("/api/v1/phone-codes", {"phone": somebody().phone})
        assert answer.json()["code"] == "sms_unavailable"
        gone = await control.http.get("/api/v1/dev/outbox", params={"phone": somebody().phone})
        assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
        assert "outbox" not in (await control.http.get("/openapi.json")).text
        assert (await control.http.get("/readyz")).status_code == 200


async def test_no_provider_says_so() -> None:
    with pytest.raises(SmsUnavailable):
        await NoSms().send("+821012345678", "hello")


async def test_the_outbox_keeps_the_last_ten_for_an_hour(redis_url: str) -> None:
    async with aio.open_loop(), open_redis(redis_url) as redis:
        outbox = LocalOutbox(redis)
        for number in range(12):
            await outbox.send("+821012345678", f"text {number}")
        messages = await outbox.messages("+821012345678")
        assert [each.text for each in messages] == [f"text {number}" for number in range(11, 1, -1)]
        assert messages[0].at >= messages[-1].at > 1_700_000_000_000
        assert await outbox.messages("+821000000000") == []
        [key] = await redis.call("KEYS", "*sms*")
        assert 3_500_000 < await redis.call("PTTL", key) <= 3_600_000
