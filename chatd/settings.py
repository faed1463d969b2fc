"""chatd's settings, read once from the environment."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from chatd.core.session import Limits
from common import limits
from common.addresses import THIS_MACHINE, Trusted
from common.settings import reading
from common.turn import IceServers, read_ice_servers
from common.units import MIB, SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator decides. Durations are seconds."""

    profile: Literal["development", "test", "production"]
    replica: str
    host: str
    port: int
    private_host: str
    private_port: int
    database_url: str
    redis_url: str
    mongo_url: str
    origins: frozenset[str]
    log_format: Literal["json", "console"]
    log_level: str
    limits: Limits
    connections_per_user: int
    connections: int  # most open at once on this replica
    anonymous: int  # most of one address that have not said hello; others are told to come back
    trusted_proxies: Trusted  # whose X-Forwarded-For is believed
    recent: int  # bytes of the newest events that are kept in memory, for those who come back
    handshakes: int  # most under way at once; others wait in the listen queue
    hello_within: float  # the handshake and the first frame, each
    heartbeat: float  # between pings; who is silent for a little more than two is taken for dead
    ice: IceServers
    call_peers: int  # in one call
    call_lease: (
        float  # without a sign of life, before a peer is out of its call; at least one and a half heartbeats
    )
    call_calm: float  # the same, once its connection has ended
    drain: float  # over how long clients are told to go elsewhere
    calm: float  # without any connection, before a person is told to be offline
    lease: float  # how long a replica's presence lives without renewal; what else it holds, for less than half of that


def load(variables: Mapping[str, str]) -> Settings:
    """The settings in `variables`. Raises `BadSettings` naming every fault."""
    with reading(variables) as env:
        return Settings(
            profile=cast(
                'Literal["development", "test", "production"]',
                env.choice("MADANG_PROFILE", ("development", "test", "production"), "production"),
            ),
            replica=env.text("CHATD_REPLICA", socket.gethostname()),
            host=env.text("CHATD_HOST", "127.0.0.1"),
            port=env.port("CHATD_PORT", 9001),
            private_host=env.text("CHATD_PRIVATE_HOST", "127.0.0.1"),
            private_port=env.port("CHATD_PRIVATE_PORT", 9101),
            database_url=env.url("DATABASE_URL", "postgresql", "postgres"),
            redis_url=env.redis_url("REDIS_URL"),
            mongo_url=env.url("MONGO_URL", "mongodb", "mongodb+srv"),
            origins=frozenset(env.words("MADANG_ORIGINS")),
            log_format=cast(
                'Literal["json", "console"]', env.choice("LOG_FORMAT", ("json", "console"), "json")
            ),
            log_level=env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            limits=Limits(
                command_rate=env.number("CHATD_COMMAND_RATE", limits.COMMAND_RATE, low=1, high=1e6),
                command_burst=env.number("CHATD_COMMAND_BURST", limits.COMMAND_BURST, low=1, high=1e6),
            ),
            connections_per_user=env.integer(
                "CHATD_CONNECTIONS_PER_USER", limits.CONNECTIONS, low=1, high=1_000_000
            ),
            connections=env.integer("CHATD_CONNECTIONS", 20_000, low=1, high=1_000_000),
            anonymous=env.integer("CHATD_ANONYMOUS_PER_ADDRESS", 1000, low=1, high=1_000_000),
            trusted_proxies=env.networks("TRUSTED_PROXIES", THIS_MACHINE),
            recent=env.integer("CHATD_RECENT_MIB", 32, low=1, high=65_536) * MIB,
            handshakes=env.integer("CHATD_HANDSHAKES", 100, low=1, high=10_000),
            hello_within=env.number("CHATD_HELLO_SECONDS", limits.HELLO_WITHIN, low=0.1, high=60),
            heartbeat=env.number("CHATD_HEARTBEAT_SECONDS", limits.HEARTBEAT, low=2, high=300),
            ice=read_ice_servers(env),
            call_peers=env.integer("CHATD_CALL_PEERS", limits.CALL, low=2, high=16),
            call_lease=env.number("CHATD_CALL_LEASE_SECONDS", limits.CALL_LEASE, low=1, high=300),
            call_calm=env.number("CHATD_CALL_CALM_SECONDS", limits.CALL_CALM, low=0.1, high=300),
            drain=env.number("CHATD_DRAIN_SECONDS", 3, low=0, high=600),
            lease=env.number("CHATD_LEASE_SECONDS", 15 * SECONDS, low=1, high=60),
            calm=env.number("CHATD_CALM_SECONDS", 15 * SECONDS, low=0.1, high=60),
        )
