"""Settings: read by type, and whatever is wrong is said at once, by name and never by value."""

from __future__ import annotations

import pytest

from chatd import settings as chatd_settings
from common.settings import BadSettings, Environment, reading


def faults_of(**variables: str) -> list[str]:
    with pytest.raises(BadSettings) as bad, reading(variables) as env:
        read_some(env)
    return bad.value.faults


def read_some(env: Environment) -> list[object]:
    return [
        env.text("NAME", min_length=3),
        env.choice("COLOUR", ("red", "green"), "red"),
        env.number("RATE", 1.5, low=1, high=10),
        env.integer("COUNT", 3, low=1, high=10),
        env.port("PORT", 80),
        env.url("HOME_URL", "https", "http"),
        env.words("WORDS", "a, b"),
    ]


def test_what_is_given_is_read_and_what_is_not_has_its_default() -> None:
    with reading({"NAME": " mina ", "HOME_URL": "http://there/", "COUNT": "7", "WORDS": "x,, y ,"}) as env:
        assert read_some(env) == ["mina", "red", 1.5, 7, 80, "http://there/", ("x", "y")]


def test_every_fault_is_named_at_once() -> None:
    assert faults_of(NAME="m", COLOUR="blue", RATE="fast", COUNT="2.5", PORT="99999", HOME_URL="ftp://x") == [
        "NAME must have at least 3 characters",
        "COLOUR must be one of red, green",
        "RATE must be a number from 1 to 10",
        "COUNT must be a whole number",
        "PORT must be a number from 0 to 65535",
        "HOME_URL must be a URL like https://host…",
    ]


def test_what_is_missing_is_one_fault() -> None:
    assert faults_of(NAME="mina") == ["HOME_URL is not set"]


@pytest.mark.parametrize("number", ["nan", "inf", "-1", "1e400", "0x10"])
def test_a_number_is_within_its_bounds_whatever_its_spelling(number: str) -> None:
    assert faults_of(NAME="mina", HOME_URL="http://x", RATE=number) == ["RATE must be a number from 1 to 10"]


def test_no_fault_repeats_a_value() -> None:
    secret = "hunter2"
    faults = faults_of(NAME="mina", COLOUR=secret, RATE=secret, COUNT=secret, PORT=secret, HOME_URL=secret)
    assert secret not in "\n".join(faults)


def test_chatd_names_all_its_faults() -> None:
    with pytest.raises(BadSettings) as bad:
        chatd_settings.load({"CHATD_PORT": "x", "MADANG_PROFILE": "dev", "REDIS_URL": "http://x"})
    assert [fault.split()[0] for fault in bad.value.faults] == [
        "MADANG_PROFILE", "CHATD_PORT", "DATABASE_URL", "REDIS_URL", "MONGO_URL",
    ]  # fmt: skip


def test_chatd_needs_its_stores_and_nothing_else() -> None:
    settings = chatd_settings.load(
        {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x", "MONGO_URL": "mongodb://x/y"}
    )
    assert settings.profile == "production"
    assert settings.replica
    assert (settings.limits.command_rate, settings.limits.command_burst, settings.limits.rooms) == (
        20,
        60,
        200,
    )


def chatd_faults(redis_url: str) -> list[str]:
    stores = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": redis_url, "MONGO_URL": "mongodb://x/y"}
    try:
        chatd_settings.load(stores)
    except BadSettings as bad:
        return bad.faults
    return []


@pytest.mark.parametrize(
    "url",
    [
        "redis://x",
        "rediss://mina:secret@x:6380/2",
        "redis+cluster://x:7000,y:7001",
        "rediss+cluster://:secret@x:7000,y,z:7002",
        "redis+cluster://x:7000/0",
    ],
)
def test_redis_is_a_server_or_a_cluster(url: str) -> None:
    assert chatd_faults(url) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "redis://",
        "redis://:secret@/0",
        "redis://x:7000,y:7001",
        "redis://x:seven",
        "redis+cluster://x:7000,,y:7001",
        "redis+cluster://x:7000,y:seven",
        "redis+cluster://x:7000/2",
        "redis+sentinel://x",
        "secret",
    ],
)
def test_what_is_neither_is_said_to_be_with_both_ways_to_write_it(url: str) -> None:
    (fault,) = chatd_faults(url)
    assert fault.startswith("REDIS_URL must be")
    assert "redis://host" in fault
    assert "redis+cluster://host" in fault
    assert "secret" not in fault
