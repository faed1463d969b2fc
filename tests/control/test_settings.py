"""Control's settings: what is missing or wrong is said at once, by name, and never with a secret."""

from __future__ import annotations

from typing import Any

import pytest

from common.settings import BadSettings
from control.settings import Settings, read_settings

GOOD = {
    "DATABASE_URL": "postgresql://a:b@127.0.0.1/madang",
    "REDIS_URL": "redis://127.0.0.1",
    "MONGO_URL": "mongodb://127.0.0.1",
    "S3_URL": "http://access:secret@127.0.0.1:8333/files",
    "MADANG_SECRET": "x" * 32,
    "MADANG_PUBLIC_URL": "https://madang.example",
}


def settings(**changes: str) -> Settings:
    return read_settings(GOOD | changes)


def faults(variables: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as bad:
        read_settings(variables)
    return bad.value.faults


def test_nothing_is_set() -> None:
    said = faults({})
    for name in GOOD:
        assert f"{name} is not set" in said


def test_production_is_what_is_meant_unless_said() -> None:
    assert settings().profile == "production"
    assert settings().sms == "none"
    assert settings().secure_cookies
    assert not settings().offers_outbox


def test_development_over_http() -> None:
    local = settings(MADANG_PROFILE="development", MADANG_PUBLIC_URL="http://localhost:8000")
    assert (local.sms, local.secure_cookies, local.offers_outbox) == ("outbox", False, True)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"MADANG_PUBLIC_URL": "http://madang.example"}, "MADANG_PUBLIC_URL"),
        ({"SMS": "outbox"}, "SMS"),
        ({"SMS": "pigeon"}, "SMS"),
        ({"MADANG_SECRET": "too short"}, "MADANG_SECRET"),
        ({"MADANG_PROFILE": "prod"}, "MADANG_PROFILE"),
        ({"MADANG_ORIGINS": "https://a.example,b.example"}, "MADANG_ORIGINS"),
        ({"MADANG_ORIGINS": "https://a.example/"}, "MADANG_ORIGINS"),
        ({"MADANG_ORIGINS": "*"}, "MADANG_ORIGINS"),
        ({"TRUSTED_PROXIES": "10.0.0.0/8,nonsense"}, "TRUSTED_PROXIES"),
        ({"PASSWORD_COST": "4"}, "PASSWORD_COST"),
        ({"RATE_SCALE": "0"}, "RATE_SCALE"),
        ({"MADANG_TIMEZONE": "Asia/Atlantis"}, "MADANG_TIMEZONE"),
        ({"MADANG_TIMEZONE": "../../etc/passwd"}, "MADANG_TIMEZONE"),
        ({"S3_URL": "http://127.0.0.1:8333/files"}, "S3_URL"),
        ({"S3_URL": "http://access:secret@127.0.0.1:8333"}, "S3_URL"),
        ({"CONTROL_PORT": "70000"}, "CONTROL_PORT"),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str], name: str) -> None:
    said = faults(GOOD | changes)
    assert len(said) == 1
    assert said[0].startswith(name)


def test_a_secret_is_never_said() -> None:
    secret = "0123456789"
    assert secret not in "".join(faults({"MADANG_SECRET": secret}))
    assert settings().secret not in repr(settings())


def test_our_own_origin_is_always_among_them() -> None:
    both = settings(
        MADANG_PUBLIC_URL="https://madang.example:443/app", MADANG_ORIGINS="https://a.example:8443"
    )
    assert both.origins == {"https://madang.example", "https://a.example:8443"}


def test_days_begin_in_seoul_unless_said() -> None:
    assert settings().zone.key == "Asia/Seoul"
    assert settings(MADANG_TIMEZONE="Europe/Lisbon").zone.key == "Europe/Lisbon"


def test_a_test_may_hash_cheaply() -> None:
    cheap: Any = settings(MADANG_PROFILE="test", PASSWORD_COST="4")
    assert cheap.password_cost == 4
