"""E-mail: the port, and the adapter that speaks SMTP. In development messages go to the outbox (`sms.py`) instead."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import trio

from common.units import SECONDS

_PATIENCE: Final = 8 * SECONDS  # for each step of the conversation
_THREADS: Final = 4


class MailUnavailable(Exception):
    """The server did not take the message, or it cannot be known whether it did."""


class Mailer(Protocol):
    """Sends one message to one address.

    Returns once a server has taken it. Raises `MailUnavailable` otherwise; it may then arrive all the same. Sends at most
    once. Never writes the text to a log, since it carries a code.
    """

    async def mail(self, address: str, subject: str, text: str) -> None:
        """Send plain `text` to `address`."""


class NoMail:
    """No server is configured: nothing can be sent."""

    async def mail(self, address: str, subject: str, text: str) -> None:  # noqa: ARG002 - the port's words
        """Raises `MailUnavailable`, always."""
        raise MailUnavailable("no mail server is configured")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to hand in mail. `implicit_tls`: from the first byte; without it STARTTLS, where the server is not this machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    implicit_tls: bool


def parse_mail_url(url: str) -> MailServer:
    """The server of `smtp(s)://USER:PASSWORD@host:port`; user and password may be left out. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp(s)://USER:PASSWORD@host:port")
    implicit_tls = parts.scheme == "smtps"
    return MailServer(
        parts.hostname,
        parts.port or (465 if implicit_tls else 587),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        implicit_tls,
    )


class SmtpMailer:
    """The adapter: a conversation for each message, in a thread."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._threads = trio.CapacityLimiter(_THREADS)

    async def mail(self, address: str, subject: str, text: str) -> None:
        """Send it. Raises `MailUnavailable`, which tells the server's code and never the text or the address."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic replies, please
        message.set_content(text)
        await self._talk(partial(_hand_in, self._server, message))

    async def _talk(self, conversation: Callable[[], None]) -> None:
        try:
            await trio.to_thread.run_sync(conversation, limiter=self._threads)
        except smtplib.SMTPResponseException as fault:
            raise MailUnavailable(f"the mail server answered {fault.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused:
            raise MailUnavailable("the mail server refused the recipient") from None
        except (smtplib.SMTPException, OSError) as fault:
            raise MailUnavailable(f"the mail server did not answer: {type(fault).__name__}") from None


def _hand_in(server: MailServer, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if server.implicit_tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
    with smtp:
        if not server.implicit_tls and server.host not in {"localhost", "127.0.0.1", "::1"}:
            smtp.starttls(context=context)  # or it fails: codes do not travel in the open
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)
