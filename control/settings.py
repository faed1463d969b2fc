"""Control's settings, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from common.addresses import THIS_MACHINE, Trusted
from common.s3 import parse_s3_url
from common.settings import Environment, reading
from common.units import SECONDS
from control.identity.mail import parse_mail_url
from control.identity.social.providers import NAMES as SOCIAL_NAMES
from control.identity.social.providers import PROVIDERS, App
from control.identity.social.providers import Name as SocialName
from control.web.site import BUILT
from control.zones import zone_of

Profile = Literal["development", "test", "production"]
LogFormat = Literal["json", "console"]
SmsAdapter = Literal["outbox", "nhn", "none"]

_LOWEST_COST: Final[dict[Profile, int]] = {"test": 4, "development": 10, "production": 12}


@dataclass(frozen=True, slots=True)
class NhnAccount:
    """The account at NHN Cloud that short messages go out by."""

    endpoint: str
    app_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    sender: str  # a registered number, as it is dialled in Korea


@dataclass(frozen=True, slots=True)
class Settings:
    """What one control process is told. `secret` seals keys and hashes codes; it is never logged."""

    host: str
    port: int
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    mongo_url: str = field(repr=False)
    s3_url: str = field(repr=False)
    profile: Profile
    secret: str = field(repr=False)
    public_url: str
    origins: frozenset[str]  # whose pages may call us with a person's cookies; that of public_url among them
    trusted_proxies: Trusted  # whose X-Forwarded-For and X-Request-Id are believed
    sms: SmsAdapter
    nhn: NhnAccount | None  # with sms = "nhn"
    mail_url: str = field(repr=False)  # smtp(s)://…; without it the outbox where there is one, else none
    mail_from: str
    social: Mapping[SocialName, App]  # the providers one can log in with
    password_cost: int  # bcrypt: 2 ** cost rounds
    zone: ZoneInfo  # where days begin for everybody who did not choose a timezone
    rate_scale: float  # multiplies every rate limit
    connections: int  # of HTTP at once; beyond it the one that is idle longest makes room, and then new ones are refused
    drain: float  # seconds between "not ready" and the end of accepting, for balancers to notice
    log_format: LogFormat
    log_level: str
    web: Path  # where the web app was built; where nothing was, the bare address leads to the pages about the API

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over https alone: always, but for development over plain http."""
        return self.profile == "production" or self.public_url.startswith("https:")

    @property
    def offers_outbox(self) -> bool:
        """Whether messages that would go to phones can be read over HTTP instead."""
        return self.sms == "outbox"


def read_settings(variables: Mapping[str, str]) -> Settings:
    """The settings in `variables`. Raises `BadSettings`, which names every fault at once."""
    with reading(variables) as env:
        profile = cast(
            Profile, env.choice("MADANG_PROFILE", ("development", "test", "production"), "production")
        )
        production = profile == "production"
        public_url = env.url("MADANG_PUBLIC_URL", "https", "http").rstrip("/")
        if production and public_url.startswith("http:"):
            env.faults.append("MADANG_PUBLIC_URL must be https in production")
        return Settings(
            host=env.text("CONTROL_HOST", "127.0.0.1"),
            port=env.port("CONTROL_PORT", 8000),
            database_url=env.url("DATABASE_URL", "postgresql", "postgres"),
            redis_url=env.redis_url("REDIS_URL"),
            mongo_url=env.url("MONGO_URL", "mongodb", "mongodb+srv"),
            s3_url=_s3_url(env),
            profile=profile,
            secret=env.text("MADANG_SECRET", min_length=32),
            public_url=public_url,
            origins=_origins(env, public_url),
            trusted_proxies=env.networks("TRUSTED_PROXIES", THIS_MACHINE),
            sms=(sms := _sms(env, production)),
            nhn=_nhn(env) if sms == "nhn" else None,
            mail_url=(mail_url := _mail_url(env)),
            mail_from=env.text("MAIL_FROM", None if mail_url else ""),
            social={name: app for name in SOCIAL_NAMES if (app := _social(env, name))},
            password_cost=env.integer("PASSWORD_COST", 12, low=_LOWEST_COST[profile], high=16),
            zone=_zone(env),
            rate_scale=env.number("RATE_SCALE", 1, low=0.1, high=1_000_000),
            connections=env.integer("CONTROL_CONNECTIONS", 2000, low=10, high=100_000),
            drain=env.number("DRAIN_SECONDS", 0, low=0, high=20) * SECONDS,
            log_format=cast(LogFormat, env.choice("LOG_FORMAT", ("json", "console"), "json")),
            log_level=env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            web=Path(env.text("MADANG_WEB", str(BUILT))),
        )


def _s3_url(env: Environment) -> str:
    url = env.url("S3_URL", "http", "https")
    try:
        parse_s3_url(url)
    except ValueError as fault:
        if not any(said.startswith("S3_URL") for said in env.faults):
            env.faults.append(f"S3_URL: {fault}")
    return url


def _zone(env: Environment) -> ZoneInfo:
    name = env.text("MADANG_TIMEZONE", "Asia/Seoul")
    zone = zone_of(name)
    if zone is None:
        env.faults.append(f"MADANG_TIMEZONE: there is no timezone {name!r}; one is called Asia/Seoul")
    return zone or ZoneInfo("UTC")


def _sms(env: Environment, production: bool) -> SmsAdapter:
    adapter = env.choice("SMS", ("outbox", "nhn", "none"), "none" if production else "outbox")
    if production and adapter == "outbox":
        env.faults.append("SMS: the outbox shows everybody's codes; it is for development and tests")
    return cast(SmsAdapter, adapter)


def _nhn(env: Environment) -> NhnAccount:
    return NhnAccount(
        endpoint=env.url(
            "NHN_SMS_ENDPOINT", "https", "http", default="https://api-sms.cloud.toast.com"
        ).rstrip("/"),
        app_key=env.text("NHN_SMS_APP_KEY"),
        secret_key=env.text("NHN_SMS_SECRET_KEY"),
        sender=env.text("NHN_SMS_SENDER"),
    )


def _social(env: Environment, name: SocialName) -> App | None:
    """Our application at a provider: offered when it has a client id, and then it needs the secret, too."""
    prefix = f"SOCIAL_{name.upper()}"
    client_id = env.text(f"{prefix}_CLIENT_ID", "")
    if not client_id:
        return None
    provider = PROVIDERS[name]
    origin = env.url(f"{prefix}_ORIGIN", "https", "http", default=provider.token_url)
    if _origin_of(origin) != _origin_of(provider.token_url):
        provider = provider.at(origin)
    return App(provider, client_id, env.text(f"{prefix}_CLIENT_SECRET"))


def _mail_url(env: Environment) -> str:
    url = env.text("MAIL_URL", "")
    if url:
        try:
            parse_mail_url(url)
        except ValueError as fault:
            env.faults.append(f"MAIL_URL: {fault}")
    return url


def _origins(env: Environment, public_url: str) -> frozenset[str]:
    origins = {_origin_of(public_url)}
    for word in env.words("MADANG_ORIGINS"):
        if _origin_of(word) != word:
            env.faults.append(f"MADANG_ORIGINS: {word!r} is not an origin, as https://example.org")
        origins.add(word)
    return frozenset(origins)


def _origin_of(url: str) -> str:
    """Scheme, host and port as a browser says them (RFC 6454 §6.2); empty when there are none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, default} else "")
