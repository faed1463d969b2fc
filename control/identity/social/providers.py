"""The table of providers: where each is asked, for what, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit, urlunsplit

import msgspec

Name = Literal["kakao", "google", "naver", "42"]
NAMES: Final[tuple[Name, ...]] = get_args(Name)
TITLES: Final[Mapping[Name, str]] = {"kakao": "Kakao", "google": "Google", "naver": "Naver", "42": "42"}


class Profile(msgspec.Struct, frozen=True):
    """What a provider says of a person. `subject` is theirs for ever; the rest is a suggestion for a form."""

    subject: str
    email: str | None = None
    nickname: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """One row. `read` raises `msgspec.ValidationError` or `KeyError` for an answer that is not a profile."""

    name: Name
    authorize_url: str
    token_url: str
    profile_url: str
    scope: str
    read: Callable[[Any], Profile]

    def at(self, origin: str) -> Provider:
        """The same one behind another origin: a proxy, or a provider of one's own for tests."""
        return replace(
            self,
            authorize_url=_moved(self.authorize_url, origin),
            token_url=_moved(self.token_url, origin),
            profile_url=_moved(self.profile_url, origin),
        )


@dataclass(frozen=True, slots=True)
class App:
    """What we are called at a provider."""

    provider: Provider
    client_id: str
    client_secret: str = field(repr=False)


def _moved(url: str, origin: str) -> str:
    there = urlsplit(origin)
    return urlunsplit(urlsplit(url)._replace(scheme=there.scheme, netloc=there.netloc))


# --- how each one says it ---------------------------------------------------------------------------------------------


class _KakaoProfile(msgspec.Struct):
    nickname: str | None = None


class _KakaoAccount(msgspec.Struct):
    email: str | None = None
    profile: _KakaoProfile = msgspec.field(default_factory=_KakaoProfile)


class _Kakao(msgspec.Struct):
    id: int
    kakao_account: _KakaoAccount = msgspec.field(default_factory=_KakaoAccount)


class _Google(msgspec.Struct):
    sub: str
    email: str | None = None
    name: str | None = None


class _NaverResponse(msgspec.Struct):
    id: str
    email: str | None = None
    nickname: str | None = None


class _Naver(msgspec.Struct):
    resultcode: Literal["00"]
    response: _NaverResponse


class _School42(msgspec.Struct):
    id: int
    email: str | None = None
    login: str | None = None


def _kakao(answer: Any) -> Profile:
    said = msgspec.convert(answer, _Kakao)
    return Profile(str(said.id), said.kakao_account.email, said.kakao_account.profile.nickname)


def _google(answer: Any) -> Profile:
    said = msgspec.convert(answer, _Google)
    return Profile(said.sub, said.email, said.name)


def _naver(answer: Any) -> Profile:
    said = msgspec.convert(answer, _Naver).response
    return Profile(said.id, said.email, said.nickname)


def _school42(answer: Any) -> Profile:
    said = msgspec.convert(answer, _School42)
    return Profile(str(said.id), said.email, said.login)


PROVIDERS: Final[Mapping[Name, Provider]] = {
    each.name: each
    for each in (
        Provider(  # https://developers.kakao.com/docs/latest/ko/kakaologin/rest-api
            "kakao",
            "https://kauth.kakao.com/oauth/authorize",
            "https://kauth.kakao.com/oauth/token",
            "https://kapi.kakao.com/v2/user/me",
            "profile_nickname account_email",
            _kakao,
        ),
        Provider(  # https://developers.google.com/identity/openid-connect/openid-connect
            "google",
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://openidconnect.googleapis.com/v1/userinfo",
            "openid email profile",
            _google,
        ),
        Provider(  # https://developers.naver.com/docs/login/api/api.md
            "naver",
            "https://nid.naver.com/oauth2.0/authorize",
            "https://nid.naver.com/oauth2.0/token",
            "https://openapi.naver.com/v1/nid/me",
            "",  # what is asked for is chosen where the application is registered
            _naver,
        ),
        Provider(  # https://api.intra.42.fr/apidoc/guides/web_application_flow
            "42",
            "https://api.intra.42.fr/oauth/authorize",
            "https://api.intra.42.fr/oauth/token",
            "https://api.intra.42.fr/v2/me",
            "public",
            _school42,
        ),
    )
}
