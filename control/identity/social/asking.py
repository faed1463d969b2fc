"""What is asked of a provider: where to send the browser, and, with the code that comes back, who it was."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec

from common.errors import MadangError
from common.logs import get_logger
from common.units import KIB, SECONDS
from control.identity.social.providers import App, Profile

_log = get_logger(__name__)
_PATIENCE: Final = 8 * SECONDS
_LARGEST: Final = 256 * KIB  # of an answer


def address(app: App, *, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the person's browser goes."""
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if app.provider.scope:
        query["scope"] = app.provider.scope
    return f"{app.provider.authorize_url}?{urlencode(query)}"


async def profile(
    http: httpx.AsyncClient, app: App, *, code: str, redirect_uri: str, state: str, verifier: str
) -> Profile:
    """Who it was. Raises `social_refused` when the provider does not know the code, `social_unavailable`."""
    form = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "state": state,  # Naver asks for it
    }
    answer = await _ask(http, app, "POST", app.provider.token_url, data=form)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise MadangError("social_refused")  # Naver says no with status 200
    headers = {"authorization": f"Bearer {token}"}
    said = await _ask(http, app, "GET", app.provider.profile_url, headers=headers)
    try:
        return app.provider.read(said)
    except msgspec.ValidationError as fault:
        _log.warning("a profile is not understood", provider=app.provider.name, why=str(fault))
        raise MadangError("social_unavailable", retry_after_ms=5000) from None


async def _ask(http: httpx.AsyncClient, app: App, method: str, url: str, **options: Any) -> dict[str, Any]:
    """The provider's answer, an object."""
    headers = {"accept": "application/json", **options.pop("headers", {})}
    try:
        answer = await http.request(method, url, headers=headers, timeout=_PATIENCE, **options)
    except httpx.HTTPError as fault:
        _log.warning("a provider did not answer", provider=app.provider.name, why=type(fault).__name__)
        raise MadangError("social_unavailable", retry_after_ms=5000) from None
    if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        _log.warning("a provider is away", provider=app.provider.name, status=answer.status_code)
        raise MadangError("social_unavailable", retry_after_ms=5000)
    if answer.status_code != httpx.codes.OK:
        _log.info("a provider refused", provider=app.provider.name, status=answer.status_code)
        raise MadangError("social_refused")
    try:
        said = msgspec.json.decode(answer.content[:_LARGEST], type=dict[str, Any])
    except msgspec.DecodeError:
        raise MadangError("social_unavailable", retry_after_ms=5000) from None
    return said
