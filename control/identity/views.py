"""What identity's operations take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Token, Uuid
from control.commons.views import CategoryKey
from control.identity.passwords import LONGEST
from control.identity.sms import SentMessage
from control.identity.social.providers import Name as ProviderName

SHORTEST_NICKNAME: Final = 2

At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]
Phone = Annotated[
    str,
    Meta(
        min_length=5,
        max_length=32,
        description="As people write it; +82 unless said",
        examples=["010-1234-5678"],
    ),
]
Code = Annotated[str, Meta(pattern="^[0-9]{6}$", examples=["042917"])]
Email = Annotated[str, Meta(min_length=3, max_length=254, examples=["arin@example.org"])]
Nickname = Annotated[str, Meta(min_length=SHORTEST_NICKNAME, max_length=20, examples=["아린"])]
Name = Annotated[str, Meta(min_length=1, max_length=50, examples=["김아린"])]
Password = Annotated[str, Meta(min_length=1, max_length=LONGEST, examples=["달빛 아래 김치찌개"])]
Interests = Annotated[list[CategoryKey], Meta(max_length=20, description="Categories, by their keys")]
Device = Annotated[str, Meta(min_length=1, max_length=100, examples=["아린의 노트북"])]
Gender = Literal["female", "male", "other"]
FoundBy = Annotated[
    list[Literal["nickname", "email", "phone"]],
    Meta(
        max_length=3, description="By what others find me, when they know it exactly", examples=[["nickname"]]
    ),
]
Timezone = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="Where my days begin, by its name in the IANA database; null: where the yard's do",
        examples=["Asia/Seoul"],
    ),
]
PresenceSetting = Annotated[
    Literal["everyone", "friends", "nobody"],
    Meta(
        description="Who may know whether I am here and when I was last seen: `everyone` who shares a room with me or is on"
        " my list of friends, those `friends` alone, or `nobody`. Never anybody across a block"
    ),
]


class AskCode(Struct, forbid_unknown_fields=True):
    """A phone number to prove."""

    phone: Phone


class CodeSent(Struct):
    """A code was sent. The same for every number, whether or not somebody here has it."""

    expires_at: At
    resend_at: At


class TryCode(Struct, forbid_unknown_fields=True):
    """The code that came."""

    phone: Phone
    code: Code


class AskEmailCode(Struct, forbid_unknown_fields=True):
    """An e-mail address to prove."""

    email: Email


class TryEmailCode(Struct, forbid_unknown_fields=True):
    """The code that came."""

    email: Email
    code: Code


class Proven(Struct):
    """The contact is proven. `proof` opens one sign-up (by phone) or one new password until `expires_at`."""

    proof: Token
    expires_at: At


class SignUp(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new account, for the phone number that `proof` stands for. `social` is the proof of an identity at a provider, to
    log in with; without it there has to be a password."""

    proof: Token
    email: Email
    name: Name
    nickname: Nickname
    password: Password | None = None
    social: Token | None = None
    gender: Gender | None = None
    interests: Interests = []


class Account(Struct, kw_only=True):
    """An account, as its owner sees it. Who never set a password logs in by who vouches for them, and shows by a proof that the
    account is theirs."""

    id: Uuid
    email: Email
    nickname: Nickname
    name: Name
    phone: Phone
    gender: Gender | None
    interests: Interests
    roles: list[str]
    permissions: list[str]
    created_at: At
    presence: PresenceSetting
    found_by: FoundBy
    timezone: Timezone | None
    has_password: bool


class ChangeAccount(Struct, forbid_unknown_fields=True, kw_only=True):
    """What of my account shall be otherwise. What is left out stays."""

    name: Name | UnsetType = UNSET
    gender: Gender | UnsetType | None = UNSET
    presence: PresenceSetting | UnsetType = UNSET
    found_by: FoundBy | UnsetType = UNSET
    timezone: Timezone | UnsetType | None = UNSET


class Ownership(Struct, forbid_unknown_fields=True, kw_only=True):
    """That I am the account's owner: one of the two. `owner_proof` is a fresh proof of the phone number or e-mail address
    that the account has now."""

    password: Password | None = None
    owner_proof: Token | None = None


class ChangeContact(Ownership, kw_only=True):
    """Another contact for my account: the one that `proof` stands for."""

    proof: Token


class ChangePassword(Ownership, kw_only=True):
    """Another password for my account. `password` is the present one."""

    new: Password


class ResetPassword(Struct, forbid_unknown_fields=True):
    """Another password for the account whose phone number or e-mail address `proof` stands for."""

    proof: Token
    password: Password


class LogIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """E-mail and password. With `cookies` the tokens travel in httpOnly cookies and not in the answer."""

    email: Email
    password: Password
    device: Device | None = None
    cookies: bool = False


class Refresh(Struct, forbid_unknown_fields=True, kw_only=True):
    """A refresh token; left out by a browser, whose cookie carries it."""

    refresh_token: Token | None = None


class Tokens(Struct, kw_only=True, omit_defaults=True):
    """A session and what proves it. The tokens themselves are left out when they went into cookies."""

    user: Uuid
    session: Uuid
    access_expires_at: At
    refresh_expires_at: At
    access_token: Token | None = None
    refresh_token: Token | None = None


class SocketToken(Struct):
    """What a page says in `auth.refresh`, and in `hello` where its cookie does not reach the socket. Good nowhere else."""

    token: Token
    expires_at: At


class Session(Struct, kw_only=True):
    """One log-in on one device. `place` is the address it was last seen from."""

    id: Uuid
    device: str
    place: Annotated[str, Meta(examples=["203.0.113.7"])]
    created_at: At
    last_seen_at: At
    current: bool


class Sessions(Struct):
    """Live sessions, the most recently seen first."""

    sessions: list[Session]


class SocialProviders(Struct):
    """Providers by their names."""

    providers: Annotated[list[ProviderName], Meta(examples=[["google", "kakao"]])]


class BeginSocial(Struct, forbid_unknown_fields=True):
    """With `cookies` the secret that finishes it goes into an httpOnly cookie and not into the answer."""

    cookies: bool = False


class BeginSocialLink(Ownership, kw_only=True):
    """That I am the owner of the account that is linked. `cookies` as for a log-in."""

    cookies: bool = False


class SocialAttempt(Struct, omit_defaults=True, kw_only=True):
    """Where the browser goes. `holder` is the secret that finishes it; left out when it went into a cookie."""

    url: Annotated[str, Meta(examples=["https://accounts.google.com/o/oauth2/v2/auth?response_type=code"])]
    holder: Token | None = None
    expires_at: At


class FinishSocial(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the provider sent the browser back with. `holder` is left out by a browser, whose cookie carries it."""

    state: Token
    code: Token
    holder: Token | None = None
    device: Device | None = None
    cookies: bool = False


class SocialSignUp(Struct, kw_only=True):
    """The first half of a sign-up: `proof` is its `social`. What the provider says of e-mail and nickname is a suggestion."""

    proof: Token
    expires_at: At
    email: str | None
    nickname: str | None


class SocialResult(Struct, kw_only=True):
    """One of the three."""

    tokens: Tokens | None
    sign_up: SocialSignUp | None
    linked: bool


class Identity(Struct):
    """Somebody who vouches for me."""

    provider: ProviderName
    linked_at: At


class Identities(Struct):
    """All who do, by name."""

    identities: list[Identity]


class OutboxQuery(Struct):
    """Whose messages: one of the two."""

    phone: Phone | None = None
    email: Email | None = None


class OutboxMessages(Struct):
    """Messages to one contact, the newest first."""

    messages: list[SentMessage]
