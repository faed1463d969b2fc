"""Short messages by NHN Cloud (Notification > SMS, API v3.0): the endpoint for verification codes.

That endpoint goes ahead of other traffic, and takes only texts that say what they are (인증, "verif", "code" …). Texts go
out in EUC-KR and are cut after 90 bytes of it, which a test sees to. https://docs.nhncloud.com/ko/Notification/SMS/ko/api-guide/
"""

from __future__ import annotations

from typing import Any, Final

import httpx
import msgspec

from common.units import SECONDS
from control.identity.sms import SmsUnavailable

_PATIENCE: Final = 8 * SECONDS  # in all; the port promises an answer within ten
_FAILED: Final = "3"  # a request's status: 1 under way, 2 done, 3 failed
_KOREA: Final = "+82"


class _Header(msgspec.Struct, rename="camel"):
    is_successful: bool
    result_code: int


class _Result(msgspec.Struct, rename="camel"):
    result_code: int


class _Data(msgspec.Struct, rename="camel"):
    status_code: str
    send_result_list: list[_Result]


class _Body(msgspec.Struct):
    data: _Data


class _Answer(msgspec.Struct):
    header: _Header
    body: _Body | None = None


class NhnSms:
    """The adapter. `sender` is a number that is registered with NHN Cloud; `endpoint` its origin."""

    def __init__(
        self, http: httpx.AsyncClient, *, endpoint: str, app_key: str, secret_key: str, sender: str
    ) -> None:
        self._http = http
        self._url = f"{endpoint}/sms/v3.0/appKeys/{app_key}/sender/auth/sms"
        self._headers = {"X-Secret-Key": secret_key, "Content-Type": "application/json;charset=UTF-8"}
        self._sender = sender

    async def send(self, phone: str, text: str) -> None:
        """Send `text` to `phone` (E.164). Raises `SmsUnavailable`, which tells codes and never the text or the number."""
        request = {"body": text, "sendNo": self._sender, "recipientList": [_recipient(phone)]}
        try:
            answer = await self._http.post(
                self._url, content=msgspec.json.encode(request), headers=self._headers, timeout=_PATIENCE
            )
        except httpx.HTTPError as fault:
            raise SmsUnavailable(f"NHN Cloud did not answer: {type(fault).__name__}") from None
        if answer.status_code != httpx.codes.OK:
            raise SmsUnavailable(f"NHN Cloud answered status {answer.status_code}")
        _judge(answer.content)


def _recipient(phone: str) -> dict[str, Any]:
    """A Korean number as it is dialled in Korea, any other one with its country."""
    if phone.startswith(_KOREA):
        return {"recipientNo": "0" + phone.removeprefix(_KOREA)}
    return {"internationalRecipientNo": phone.removeprefix("+")}


def _judge(content: bytes) -> None:
    """Raises `SmsUnavailable` unless the message was taken: the request, its batch, and its one recipient."""
    try:
        answer = msgspec.json.decode(content, type=_Answer)
    except msgspec.DecodeError:
        raise SmsUnavailable("NHN Cloud's answer is not understood") from None
    if not answer.header.is_successful or answer.body is None:
        raise SmsUnavailable(f"NHN Cloud refused: {answer.header.result_code}")
    data = answer.body.data
    if data.status_code == _FAILED:
        raise SmsUnavailable("NHN Cloud failed to send")
    for result in data.send_result_list:
        if result.result_code != 0:
            raise SmsUnavailable(f"NHN Cloud refused the recipient: {result.result_code}")
