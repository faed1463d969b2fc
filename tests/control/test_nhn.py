"""NHN Cloud as we ask it, and every way in which it may not do what it is asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from common import logs
from control.identity import codes
from control.identity.nhn import NhnSms
from control.identity.sms import SmsUnavailable
from control.settings import NhnAccount, Settings
from tests.support.control import PATIENCE, running_control, somebody
from tests.support.provider import Provider, open_provider

APP_KEY, SECRET_KEY = "app-key-of-ours", "secret-key-of-ours"
TAKEN: dict[str, Any] = {
    "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
    "body": {
        "data": {
            "requestId": "20260810100630ReZQ6KZzAH0",
            "statusCode": "2",
            "senderGroupingKey": None,
            "sendResultList": [
                {"recipientNo": "01012345678", "resultCode": 0, "resultMessage": "SUCCESS", "recipientSeq": 1}
            ],
        }
    },
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with open_provider() as provider:
        provider.will_say(TAKEN)
        yield provider


async def send(
    provider: Provider, phone: str = "+821012345678", text: str = "인증번호는 123456 입니다"
) -> None:
    async with httpx.AsyncClient(verify=False, timeout=PATIENCE) as http:
        sms = NhnSms(http, endpoint=provider.url, app_key=APP_KEY, secret_key=SECRET_KEY, sender="15446859")
        await sms.send(phone, text)


async def test_a_code_is_sent_as_the_provider_wants_it(provider: Provider) -> None:
    await send(provider)
    [asked] = provider.asked
    assert (asked.method, asked.path) == ("POST", f"/sms/v3.0/appKeys/{APP_KEY}/sender/auth/sms")
    assert asked.headers["x-secret-key"] == SECRET_KEY
    assert asked.headers["content-type"] == "application/json;charset=UTF-8"
    assert asked.json == {
        "body": "인증번호는 123456 입니다",
        "sendNo": "15446859",
        "recipientList": [{"recipientNo": "01012345678"}],
    }


async def test_a_number_of_another_country_keeps_its_country(provider: Provider) -> None:
    await send(provider, "+14155550123")
    assert provider.asked[0].json["recipientList"] == [{"internationalRecipientNo": "14155550123"}]


REFUSED = {"header": {"isSuccessful": False, "resultCode": -2010, "resultMessage": "no"}, "body": None}


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, REFUSED, "-2010"),
        (200, {"header": TAKEN["header"]}, "0"),
        (200, TAKEN | {"body": {"data": {"statusCode": "3", "sendResultList": []}}}, "failed"),
        (
            200,
            TAKEN | {"body": {"data": {"statusCode": "2", "sendResultList": [{"resultCode": -1021}]}}},
            "-1021",
        ),
        (200, b"<html>maintenance</html>", "not understood"),
        (200, b"", "not understood"),
        (401, {}, "status 401"),
        (429, {}, "status 429"),
        (503, b"", "status 503"),
    ],
)
async def test_whatever_it_says_no_with_the_message_was_not_sent(
    provider: Provider, status: int, body: Any, why: str
) -> None:
    provider.will_say(body, status)
    with pytest.raises(SmsUnavailable, match=why) as fault:
        await send(provider)
    told = str(fault.value) + repr(fault.value.__cause__)
    assert not any(secret in told for secret in (APP_KEY, SECRET_KEY, "123456", "01012345678"))
    assert len(provider.asked) == 1  # never tried again by itself: it may arrive all the same


async def test_it_hangs_up_or_is_not_there(provider: Provider) -> None:
    provider.answer = None
    with pytest.raises(SmsUnavailable, match="did not answer"):
        await send(provider)
    provider.url = "http://127.0.0.1:1"
    with pytest.raises(SmsUnavailable, match="ConnectError"):
        await send(provider)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_our_texts_fit_a_short_message_and_say_what_they_are(language: Any) -> None:
    text = codes._TEXTS[language].format(code="123456")
    assert len(text.encode("euc-kr")) <= 90
    assert any(word in text for word in ("인증", "verif"))


async def test_somebody_signs_up_through_the_provider(control_settings: Settings, provider: Provider) -> None:
    account = NhnAccount(provider.url, APP_KEY, SECRET_KEY, "15446859")
    async with running_control(control_settings, sms="nhn", nhn=account) as control:
        person = somebody()
        sent = await control.post("/api/v1/phone-codes", {"phone": person.phone})
        assert sent.status_code == 202
        text = provider.asked[-1].json["body"]
        code = "".join(each for each in text if each.isdigit())[:6]
        proven = await control.post("/api/v1/phone-codes/verify", {"phone": person.phone, "code": code})
        assert proven.status_code == 200
        provider.will_say(REFUSED)
        answer = await control.post("/api/v1/phone-codes", {"phone": somebody().phone})
        assert (answer.status_code, answer.json()["code"]) == (503, "sms_unavailable")


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Everything is logged, until the end of the test; then what is set up for the whole process is as it was."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    logs.configure(style="json", level="DEBUG", program="control")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.mark.usefixtures("logged")
async def test_no_log_tells_the_keys_or_the_code(
    provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    await send(provider)
    told = "".join(capsys.readouterr())
    assert not any(secret in told for secret in (APP_KEY, SECRET_KEY, "123456"))


def test_all_its_settings_are_asked_for_at_once() -> None:
    from common.settings import BadSettings
    from control.settings import read_settings

    with pytest.raises(BadSettings) as bad:
        read_settings({"SMS": "nhn", "MAIL_URL": "http://nowhere"})
    faults = " ".join(bad.value.faults)
    for name in ("NHN_SMS_APP_KEY", "NHN_SMS_SECRET_KEY", "NHN_SMS_SENDER", "MAIL_URL", "MAIL_FROM"):
        assert name in faults
