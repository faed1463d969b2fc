"""Social log-in over HTTP. Codes come to a page of ours, which hands them on; tokens never travel in a URL."""

from __future__ import annotations

from common.clock import ms_of
from common.errors import MadangError
from common.units import MINUTES
from control.identity import cookies, owning
from control.identity.device import device_of
from control.identity.social import attempts
from control.identity.social.providers import Name
from control.identity.views import (
    BeginSocial,
    BeginSocialLink,
    FinishSocial,
    Identities,
    Ownership,
    SocialAttempt,
    SocialProviders,
    SocialResult,
    SocialSignUp,
)
from control.operations import LOGGED_IN, PUBLIC, Call, Operations, Rate

operations = Operations(
    "social", "Logging in with Kakao, Google, Naver or 42, and linking them to an account."
)

_RATE = Rate(30, per=1 * MINUTES)


@operations.get("/api/v1/social", permission=PUBLIC)
async def list_providers(call: Call) -> SocialProviders:
    """List providers. Those that can be logged in with here."""
    return SocialProviders(sorted(call.services.settings.social))


@operations.post(
    "/api/v1/social/{provider}",
    permission=PUBLIC,
    status=201,
    errors=("social_not_offered", "csrf"),
    rate=_RATE,
)
async def begin_social_log_in(call: Call, provider: Name, body: BeginSocial) -> SocialAttempt:
    """Begin to log in. Send the browser to `url`; it comes back to our page `/social/{provider}` with `state` and `code`,
    which finish it. Good for ten minutes."""
    if body.cookies:
        call.require_our_pages()
    return _given(call, await attempts.begin(call.services, provider), body.cookies)


@operations.post(
    "/api/v1/me/social/{provider}",
    permission=LOGGED_IN,
    status=201,
    errors=(*owning.REFUSALS, "social_not_offered"),
    rate=_RATE,
)
async def begin_social_link(call: Call, provider: Name, body: BeginSocialLink) -> SocialAttempt:
    """Begin to link an identity to my account. It will be a way to log in, so it needs the password, or a proof of a contact
    I have now. Goes on as a log-in does, unless the password is changed meanwhile."""
    if body.cookies:
        call.require_our_pages()
    return _given(
        call, await attempts.begin_link(call.services, provider, call.person.user, body), body.cookies
    )


def _given(call: Call, begun: attempts.Begun, by_cookie: bool) -> SocialAttempt:
    if by_cookie:
        cookies.hold(call, begun.holder)
    holder = None if by_cookie else begun.holder
    return SocialAttempt(url=begun.url, holder=holder, expires_at=ms_of(begun.expires_at))


@operations.post(
    "/api/v1/social",
    permission=PUBLIC,
    errors=(
        "social_attempt_over",
        "social_refused",
        "social_unavailable",
        "identity_taken",
        "suspended",
        "account_deleted",
        "csrf",
    ),
    rate=_RATE,
)
async def finish_social(call: Call, body: FinishSocial) -> SocialResult:
    """Finish what was begun. Logs in whose identity it is; answers a proof for the sign-up of who has no account yet;
    links, when that was begun. An attempt is good once, and only in the browser that began it."""
    held = call.cookies.get(cookies.HOLDER_COOKIE) if body.holder is None else None
    if held is not None or body.cookies:
        call.require_our_pages()
    holder = body.holder or held
    if holder is None:
        raise MadangError("social_attempt_over")
    finished = await attempts.finish(
        call.services,
        state=body.state,
        code=body.code,
        holder=holder,
        address=call.address,
        device=device_of(call, body.device),
        language=call.language,
    )
    if held is not None:
        cookies.let_go(call)
    tokens = finished.tokens
    if tokens is not None and body.cookies:
        tokens = cookies.hand_over(call, tokens)
    return SocialResult(tokens=tokens, sign_up=_sign_up(finished), linked=finished == attempts.Finished())


def _sign_up(finished: attempts.Finished) -> SocialSignUp | None:
    if finished.proof is None or finished.profile is None or finished.expires_at is None:
        return None
    return SocialSignUp(
        proof=finished.proof,
        expires_at=ms_of(finished.expires_at),
        email=finished.profile.email,
        nickname=finished.profile.nickname,
    )


@operations.get("/api/v1/me/social", permission=LOGGED_IN)
async def list_identities(call: Call) -> Identities:
    """List what is linked to my account."""
    return await attempts.linked(call.services, call.person.user)


@operations.post(
    "/api/v1/me/social/{provider}/unlink",
    permission=LOGGED_IN,
    errors=(*owning.REFUSALS, "last_way_in"),
    rate=_RATE,
)
async def unlink_identity(call: Call, provider: Name, body: Ownership) -> None:
    """Unlink an identity. Needs the password, or a proof of a contact I have now. Refused for the last way to log in; set a
    password first. Doing it twice is no error."""
    await attempts.unlink(call.services, call.person.user, provider, body, language=call.language)
