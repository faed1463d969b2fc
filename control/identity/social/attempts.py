"""An attempt begins, comes back, and is a log-in, a link, or the first half of a sign-up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from common.clock import from_ms, ms_of
from common.errors import Language, MadangError
from common.feed import AccountChanged
from common.postgres import Connection
from common.units import MINUTES
from control.identity import sessions
from control.identity.owning import Owner, confirm, owner
from control.identity.queries import LOCK_ACCOUNT
from control.identity.social import asking, queries
from control.identity.social.proofs import link, owner_of
from control.identity.social.providers import TITLES, App, Name, Profile
from control.identity.telling import mail
from control.identity.views import Identities, Identity, Ownership, Tokens
from control.outbox import announce
from control.sealing import plain_hash
from control.services import Services

LIFE: Final = timedelta(seconds=10 * MINUTES)  # of an attempt, and of a proof

Row = Any  # asyncpg's record


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that finishes it."""

    url: str
    holder: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """One of: `tokens` of a new session; `proof` for a sign-up, with what the provider suggests; neither, when linked."""

    tokens: Tokens | None = None
    proof: str | None = None
    profile: Profile | None = None
    expires_at: datetime | None = None


async def begin(services: Services, name: Name) -> Begun:
    """An attempt to log in. Raises `social_not_offered`."""
    return await _begin(services, name, None)


async def begin_link(services: Services, name: Name, user: str, shown: Ownership) -> Begun:
    """An attempt to link the identity to an account, by its owner. Raises `social_not_offered`, and what `owning` does."""
    _app(services, name)
    return await _begin(services, name, await owner(services, user, shown))


async def _begin(services: Services, name: Name, link_to: Owner | None) -> Begun:
    app = _app(services, name)
    state, holder, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    ends = from_ms(services.clock()) + LIFE
    attempt = (plain_hash(state), plain_hash(holder), name, verifier, link_to and link_to.user, ends)
    await services.db.transaction(_add_attempt, attempt, link_to)
    url = asking.address(app, redirect_uri=_redirect_uri(services, name), state=state, verifier=verifier)
    return Begun(url, holder, ends)


async def finish(
    services: Services, *, state: str, code: str, holder: str, address: str, device: str, language: Language
) -> Finished:
    """The browser came back. Raises `social_attempt_over`, `social_refused`, `social_unavailable`, `identity_taken`."""
    now = from_ms(services.clock())
    attempt = await services.db.transaction(_take_attempt, plain_hash(state), plain_hash(holder), now)
    if attempt is None:
        raise MadangError("social_attempt_over")
    name: Name = attempt["provider"]
    profile = await asking.profile(
        services.http,
        _app(services, name),
        code=code,
        redirect_uri=_redirect_uri(services, name),
        state=state,
        verifier=attempt["verifier"],
    )
    if attempt["link_to"] is not None:
        email = await services.db.transaction(_link, attempt, profile.subject, now)
        if email is not None:
            await mail(services, email, "linked", language, new=TITLES[name])
        return Finished()
    user = await services.db.read(owner_of, name, profile.subject)
    if user is not None:
        tokens = await sessions.begin(services, user, address=address, device=device)
        return Finished(tokens=tokens)
    proof = secrets.token_urlsafe(32)
    await services.db.transaction(_add_proof, plain_hash(proof), name, profile.subject, now + LIFE)
    return Finished(proof=proof, profile=profile, expires_at=now + LIFE)


async def linked(services: Services, user: str) -> Identities:
    """Who vouches for this person."""
    rows = await services.db.read(_linked, user)
    return Identities([Identity(row["provider"], ms_of(row["linked_at"])) for row in rows])


async def unlink(services: Services, user: str, name: Name, shown: Ownership, *, language: Language) -> None:
    """No longer by this provider, says the account's owner; twice is no error. Raises `last_way_in` when there would be no
    way to log in any more, and what `owning` does."""
    email = await services.db.transaction(_unlink, await owner(services, user, shown), name)
    if email is not None:
        await mail(services, email, "unlinked", language, new=TITLES[name])


def _app(services: Services, name: Name) -> App:
    app = services.settings.social.get(name)
    if app is None:
        raise MadangError("social_not_offered")
    return app


def _redirect_uri(services: Services, name: Name) -> str:
    """The page of ours that the provider sends the browser back to."""
    return f"{services.settings.public_url}/social/{name}"


# --- transactions -----------------------------------------------------------------------------------------------------


async def _add_attempt(connection: Connection, attempt: tuple[object, ...], link_to: Owner | None) -> None:
    if link_to is not None:
        await confirm(connection, link_to)
    await connection.execute(queries.ADD_ATTEMPT, *attempt)


async def _take_attempt(connection: Connection, state: bytes, holder: bytes, now: datetime) -> Row | None:
    return await connection.fetchrow(queries.TAKE_ATTEMPT, state, holder, now)


async def _add_proof(connection: Connection, proof: bytes, name: Name, subject: str, ends: datetime) -> None:
    await connection.execute(queries.ADD_PROOF, proof, name, subject, ends)


async def _linked(connection: Connection, user: str) -> list[Row]:
    return await connection.fetch(queries.LINKED, user)


async def _link(connection: Connection, attempt: Row, subject: str, now: datetime) -> str | None:
    """The e-mail address to tell; None when it was linked already. Raises `social_attempt_over` when the account has another
    password than it had when the attempt came back, and as `link`."""
    user = attempt["link_to"]
    account = await connection.fetchrow(LOCK_ACCOUNT, user)
    if account is None or account["password_hash"] != attempt["password_hash"]:
        raise MadangError("social_attempt_over")
    if not await link(connection, user, attempt["provider"], subject, now):
        return None
    await announce(connection, AccountChanged(user=user, change="linked"))
    email: str | None = account["email"]
    return email


async def _unlink(connection: Connection, shown: Owner, name: Name) -> str | None:
    """The e-mail address to tell; None when it was not linked."""
    account = await confirm(connection, shown)
    others = [row for row in await _linked(connection, shown.user) if row["provider"] != name]
    if account["password_hash"] is None and not others:
        raise MadangError("last_way_in")
    if await connection.fetchval(queries.UNLINK, shown.user, name) is None:
        return None
    await announce(connection, AccountChanged(user=shown.user, change="unlinked"))
    email: str | None = account["email"]
    return email
