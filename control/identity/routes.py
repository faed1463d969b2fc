"""Identity over HTTP: from a phone number to a session, and out again."""

from __future__ import annotations

from typing import Final, Literal

from common.clock import ms_of
from common.errors import MadangError
from common.protocol import Uuid
from common.units import MINUTES, to_ms
from control import faults
from control.identity import accounts, changing, codes, cookies, owning, phones, refreshing, resets, sessions
from control.identity.device import device_of
from control.identity.keys import Jwks
from control.identity.sms import LocalOutbox
from control.identity.views import (
    Account,
    AskCode,
    AskEmailCode,
    ChangeAccount,
    ChangeContact,
    ChangePassword,
    CodeSent,
    LogIn,
    OutboxMessages,
    OutboxQuery,
    Proven,
    Refresh,
    ResetPassword,
    Sessions,
    SignUp,
    SocketToken,
    Tokens,
    TryCode,
    TryEmailCode,
)
from control.operations import LOGGED_IN, PUBLIC, Call, Operations, Rate

operations = Operations(
    "identity", "Accounts and sessions: from a phone number to a live session, and out again."
)
outbox_operations = Operations(
    "development", "Only in development and tests: what would go to phones and mailboxes."
)

_MOST: Final = Rate(60, per=1 * MINUTES)


@operations.post(
    "/api/v1/phone-codes",
    permission=PUBLIC,
    status=202,
    errors=("phone_invalid", "code_too_soon", "rate_limited", "sms_unavailable", "unavailable"),
)
async def ask_phone_code(call: Call, body: AskCode) -> CodeSent:
    """Send a code to a phone. Six digits, good for three minutes and five tries; another one may be asked for after
    thirty seconds. The answer is the same whether or not the number is in use."""
    return await _send_code(call, phones.e164(body.phone))


@operations.post(
    "/api/v1/phone-codes/verify",
    permission=PUBLIC,
    errors=("phone_invalid", "code_wrong", "code_expired", "code_exhausted"),
    rate=_MOST,
)
async def verify_phone_code(call: Call, body: TryCode) -> Proven:
    """Prove a phone number. The right code is exchanged, once, for a proof that opens one sign-up within ten minutes."""
    proof = await codes.verify_code(call.services, phones.e164(body.phone), body.code)
    return Proven(proof.token, ms_of(proof.expires_at))


@operations.post(
    "/api/v1/email-codes",
    permission=PUBLIC,
    status=202,
    errors=("code_too_soon", "rate_limited", "mail_unavailable", "unavailable"),
)
async def ask_email_code(call: Call, body: AskEmailCode) -> CodeSent:
    """Send a code to an e-mail address. With the same rules as a code to a phone."""
    return await _send_code(call, accounts.email_address(body.email))


@operations.post(
    "/api/v1/email-codes/verify",
    permission=PUBLIC,
    errors=("code_wrong", "code_expired", "code_exhausted"),
    rate=_MOST,
)
async def verify_email_code(call: Call, body: TryEmailCode) -> Proven:
    """Prove an e-mail address. The right code is exchanged, once, for a proof that opens one new password within ten
    minutes."""
    proof = await codes.verify_code(call.services, accounts.email_address(body.email), body.code)
    return Proven(proof.token, ms_of(proof.expires_at))


@operations.post(
    "/api/v1/password-resets",
    permission=PUBLIC,
    errors=("contact_unproven", "account_not_found", "password_weak", "overloaded"),
    rate=_MOST,
)
async def reset_password(call: Call, body: ResetPassword) -> None:
    """Set a forgotten password. Needs the proof of the account's phone number or e-mail address, which it uses up. All
    sessions end, and their live sockets close; log in with the new password. The e-mail address is told."""
    await resets.reset(call.services, body, address=call.address, language=call.language)


@operations.post(
    "/api/v1/accounts",
    permission=PUBLIC,
    status=201,
    errors=(
        "phone_unproven",
        "social_unproven",
        "identity_taken",
        "password_weak",
        "category_unknown",
        "email_taken",
        "phone_taken",
        "nickname_taken",
        "overloaded",
    ),
    rate=_MOST,
)
async def sign_up(call: Call, body: SignUp) -> Account:
    """Sign up. Needs the proof of a phone number, which it uses up; when a value is refused the proof stays good. With the
    proof of a social log-in no password is needed."""
    return await accounts.sign_up(call.services, body)


@operations.post(
    "/api/v1/sessions",
    permission=PUBLIC,
    status=201,
    errors=(
        "credentials_wrong",
        "suspended",
        "account_deleted",
        "rate_limited",
        "overloaded",
        "csrf",
        "unavailable",
    ),
)
async def log_in(call: Call, body: LogIn) -> Tokens:
    """Log in. Gives an access token for fifteen minutes and a refresh token for fourteen days: in the answer, or with
    `cookies` in httpOnly cookies, and then only to our own pages."""
    if body.cookies:
        call.require_our_pages()
    tokens = await sessions.log_in(
        call.services, body, address=call.address, device=device_of(call, body.device)
    )
    return cookies.hand_over(call, tokens) if body.cookies else tokens


@operations.post(
    "/api/v1/sessions/refresh",
    permission=PUBLIC,
    errors=("unauthenticated", "token_invalid", "token_expired", "token_reused", "session_revoked", "csrf"),
    rate=_MOST,
)
async def refresh_session(call: Call, body: Refresh) -> Tokens:
    """Refresh the tokens. Each refresh token is good once. Whoever did not hear the answer may ask again within ten seconds, and
    is given the same refresh token as the first time; to use an old one later, or after its successor was used, ends the session
    for everybody who holds it. The token comes from the body, or from the cookie, and the new ones go the same way."""
    token, by_cookie = _refresh_token(call, body)
    if token is None:
        raise MadangError("unauthenticated")
    tokens = await refreshing.refresh(call.services, token, address=call.address)
    return cookies.hand_over(call, tokens) if by_cookie else tokens


@operations.post("/api/v1/sessions/logout", permission=PUBLIC, errors=("csrf",), rate=_MOST)
async def log_out(call: Call, body: Refresh) -> None:
    """Log out. Ends the session of the refresh token (from the body or the cookie) and closes its live sockets. Doing it
    twice, or with a token that has ended, is no error."""
    token, by_cookie = _refresh_token(call, body)
    if token is not None:
        await sessions.log_out(call.services, token)
    if by_cookie:
        cookies.clear(call)


@operations.post("/api/v1/socket-tokens", permission=LOGGED_IN, rate=_MOST)
async def give_socket_token(call: Call) -> SocketToken:
    """A token for my socket. Of this session, for fifteen minutes: with it a page, which cannot read its cookies, renews its
    live connection. It opens nothing over HTTP."""
    return await sessions.socket_token(call.services, call.person)


@operations.get("/api/v1/sessions", permission=LOGGED_IN)
async def list_sessions(call: Call) -> Sessions:
    """List my sessions. Device, place, when last seen, and which of them is this one."""
    return Sessions(await sessions.sessions_of(call.services, call.person.user, call.person.session))


@operations.delete("/api/v1/sessions/{session}", permission=LOGGED_IN, errors=("not_found",))
async def revoke_session(call: Call, session: Uuid) -> None:
    """End one of my sessions. Its tokens are refused from now on, and its live sockets close."""
    await sessions.revoke(call.services, call.person.user, session)


@operations.delete("/api/v1/sessions", permission=LOGGED_IN)
async def revoke_all_sessions(call: Call) -> None:
    """Log out everywhere. Ends all my sessions, this one too."""
    await sessions.revoke_all(call.services, call.person.user)
    if call.person.by_cookie:
        cookies.clear(call)


@operations.get("/api/v1/me", permission=LOGGED_IN)
async def me(call: Call) -> Account:
    """My own account. With the roles I have now and what they permit."""
    return await accounts.account(call.services, call.person.user)


@operations.patch("/api/v1/me", permission=LOGGED_IN, rate=_MOST)
async def change_me(call: Call, body: ChangeAccount) -> Account:
    """Change my own account. Who may know whether I am here is heard by everybody's devices within a second; with another
    timezone, all my records are counted by its days."""
    return await accounts.change(call.services, call.person.user, body)


@operations.put(
    "/api/v1/me/email", permission=LOGGED_IN, errors=(*owning.REFUSALS, "email_taken"), rate=_MOST
)
async def change_email(call: Call, body: ChangeContact) -> Account:
    """Change my e-mail address. Needs the proof of the new one, and the password or a proof of a contact I have now; proofs
    are used up by success alone. The former address is told."""
    return await _change_contact(call, "email", body)


@operations.put(
    "/api/v1/me/phone", permission=LOGGED_IN, errors=(*owning.REFUSALS, "phone_taken"), rate=_MOST
)
async def change_phone(call: Call, body: ChangeContact) -> Account:
    """Change my phone number. With the same rules as an e-mail address."""
    return await _change_contact(call, "phone", body)


async def _change_contact(call: Call, contact: Literal["email", "phone"], body: ChangeContact) -> Account:
    await changing.change_contact(call.services, call.person.user, contact, body, language=call.language)
    return await accounts.account(call.services, call.person.user)


@operations.put(
    "/api/v1/me/password", permission=LOGGED_IN, errors=(*owning.REFUSALS, "password_weak"), rate=_MOST
)
async def change_password(call: Call, body: ChangePassword) -> None:
    """Change my password. Needs the present one, or a proof of a contact I have now; so does a first one. All my other
    sessions end, and their live sockets close; this one goes on."""
    person = call.person
    await changing.change_password(call.services, person.user, person.session, body, language=call.language)


@operations.get("/.well-known/jwks.json", permission=PUBLIC, errors=("unavailable",))
async def jwks(call: Call) -> Jwks:
    """The public keys. Whoever verifies access tokens elsewhere finds here the key that signs and the one that is next."""
    call.answer_headers.append(("cache-control", f"public, max-age={5 * MINUTES:.0f}"))
    return await call.services.keys.jwks()


@outbox_operations.get(
    "/api/v1/dev/outbox", permission=PUBLIC, errors=("invalid", "phone_invalid", "unavailable")
)
async def read_outbox(call: Call, query: OutboxQuery) -> OutboxMessages:
    """Messages that would have gone to a phone or a mailbox. The newest first."""
    if (query.phone is None) == (query.email is None):
        raise MadangError("invalid", fields={"phone": faults.ONE_CONTACT, "email": faults.ONE_CONTACT})
    contact = accounts.email_address(query.email) if query.email else phones.e164(query.phone or "")
    return OutboxMessages(await LocalOutbox(call.services.redis).messages(contact))


def _refresh_token(call: Call, body: Refresh) -> tuple[str | None, bool]:
    """The refresh token and whether a cookie carried it, which only our own pages may make a browser do."""
    if body.refresh_token is not None:
        return body.refresh_token, False
    token = call.cookies.get(cookies.REFRESH_COOKIE)
    if token is not None:
        call.require_our_pages()
    return token, token is not None


async def _send_code(call: Call, to: str) -> CodeSent:
    await codes.send_code(call.services, to, call.address, call.language)
    now = call.services.clock()
    return CodeSent(expires_at=now + to_ms(codes.CODE_LIFE), resend_at=now + to_ms(codes.RESEND_AFTER))
