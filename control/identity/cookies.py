"""The cookies a browser carries instead of tokens its pages could read (RFC 6265bis)."""

from __future__ import annotations

from typing import Final

from werkzeug.http import dump_cookie

from common.tokens import ACCESS_COOKIE, ACCESS_LIFE
from common.units import MINUTES
from control.identity.sessions import REFRESH_LIFE
from control.identity.views import Tokens
from control.operations import Call

REFRESH_COOKIE: Final = "madang_refresh"
HOLDER_COOKIE: Final = "madang_social"
_HOLDER_PATH: Final = "/api/v1/social"
_HOLDER_LIFE: Final = 10 * MINUTES
_REFRESH_PATH: Final = "/api/v1/sessions"  # where it is read, and so the only place it is sent to


def hand_over(call: Call, tokens: Tokens) -> Tokens:
    """`tokens` without the tokens: they go into cookies."""
    _set(call, ACCESS_COOKIE, tokens.access_token or "", path="/", life=ACCESS_LIFE, same_site="Lax")
    _set(
        call,
        REFRESH_COOKIE,
        tokens.refresh_token or "",
        path=_REFRESH_PATH,
        life=REFRESH_LIFE,
        same_site="Strict",
    )
    return Tokens(
        user=tokens.user,
        session=tokens.session,
        access_expires_at=tokens.access_expires_at,
        refresh_expires_at=tokens.refresh_expires_at,
    )


def clear(call: Call) -> None:
    """Take the cookies back."""
    _set(call, ACCESS_COOKIE, "", path="/", life=0, same_site="Lax")
    _set(call, REFRESH_COOKIE, "", path=_REFRESH_PATH, life=0, same_site="Strict")


def hold(call: Call, holder: str) -> None:
    """Keep the secret that finishes a social log-in."""
    _set(call, HOLDER_COOKIE, holder, path=_HOLDER_PATH, life=_HOLDER_LIFE, same_site="Strict")


def let_go(call: Call) -> None:
    """It was finished."""
    _set(call, HOLDER_COOKIE, "", path=_HOLDER_PATH, life=0, same_site="Strict")


def _set(call: Call, name: str, value: str, *, path: str, life: float, same_site: str) -> None:
    cookie = dump_cookie(
        name,
        value,
        path=path,
        max_age=int(life),
        secure=call.services.settings.secure_cookies,
        httponly=True,
        samesite=same_site,
    )
    call.answer_headers.append(("set-cookie", cookie))
