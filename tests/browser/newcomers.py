"""People who are nobody's but one test's, made over HTTP, and the one who vouches for some of them.

Somebody of the demo is everybody's: whoever gets another e-mail address, or leaves for good, should be new.
"""

from __future__ import annotations

import itertools
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from tests.browser.visitor import Visitor, open_visitor
from tests.support.chromium import PATIENCE, Chromium
from tests.support.provider import Asked
from tests.support.yard import Account, Yard

PASSWORD: Final = "a-kite-above-the-barley"
_numbers = itertools.count(55_000_000)


def consents(asked: Asked) -> tuple[int, Any]:
    """Kakao, as it answers whoever came back from it: the code says who it was."""
    if asked.path == "/oauth/token":
        return 200, {"access_token": parse_qs(asked.body.decode())["code"][0]}
    if asked.path == "/v2/user/me":
        return 200, {"id": int(asked.headers["authorization"].removeprefix("Bearer "))}
    return 200, {}  # the page where people consent


async def answers_at_kakao(visitor: Visitor, answer: str) -> None:
    """The page there is left by one of its buttons, which send the browser back: `code=` and who it was, or `error=`."""
    await visitor.is_at("/oauth/authorize")
    here = urlsplit(await visitor.page.run("location.href"))
    asked = {name: values[0] for name, values in parse_qs(here.query).items()}
    back = f"{asked['redirect_uri']}?state={asked['state']}&{answer}"
    await visitor.page.run(f"location.assign({msgspec.json.encode(back).decode()})")


def sign_up(yard: Yard, nickname: str, *, vouched_for: int | None = None) -> Account:
    """Somebody new; `vouched_for` is who they are at Kakao, and then they have no password."""
    number = next(_numbers)
    phone, email = f"+8210{number}", f"n{number}@example.com"
    with httpx.Client(base_url=yard.url, verify=False, timeout=PATIENCE) as http:

        def ask(path: str, **body: Any) -> Any:
            answer = http.post(f"/api/v1/{path}", json=body)
            assert answer.is_success, answer.text
            return answer.json()

        ask("phone-codes", phone=phone)
        sent = http.get("/api/v1/dev/outbox", params={"phone": phone}).json()["messages"][0]["text"]
        code = "".join(each for each in sent if each.isdigit())[:6]
        about: dict[str, Any] = {"email": email, "name": "김보름", "nickname": nickname}
        if vouched_for is None:
            about["password"] = PASSWORD
        else:
            begun = ask("social/kakao")
            (state,) = parse_qs(urlsplit(begun["url"]).query)["state"]
            came = ask("social", state=state, code=str(vouched_for), holder=begun["holder"])
            about["social"] = came["sign_up"]["proof"]
        ask("accounts", proof=ask("phone-codes/verify", phone=phone, code=code)["proof"], **about)
    return Account(email, PASSWORD, nickname)


async def enter_new(chromium: Chromium, yard: Yard, nickname: str, path: str) -> Visitor:
    """Somebody new, with a password, logged in where `path` leads."""
    account = sign_up(yard, nickname)
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.log_in(account)
    await visitor.goes(path)
    return visitor
