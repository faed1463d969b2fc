"""Settings from the environment, read once, with every fault named at once.

A program declares its settings as a frozen dataclass built inside `reading()`:

    with reading(os.environ) as env:
        settings = Settings(port=env.port("CHATD_PORT", 9001), redis_url=env.url("REDIS_URL", "redis"))

Faults are gathered while the block runs, with a harmless stand-in for each bad value, and raised together at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from urllib.parse import urlsplit

from common.addresses import Network, Trusted
from common.redis.address import addresses


class BadSettings(Exception):
    """Some settings are missing or wrong. `faults` has one sentence each, with the variable's name, never its value."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Environment:
    """Reads variables by type; remembers what was wrong instead of raising at the first."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.faults: list[str] = []

    def _get(self, name: str, default: str | None) -> str:
        value = self._variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.faults.append(f"{name} is not set")
            return ""
        return default

    def text(self, name: str, default: str | None = None, *, min_length: int = 0) -> str:
        """Any text; required when there is no default."""
        value = self._get(name, default)
        if value and len(value) < min_length:
            self.faults.append(f"{name} must have at least {min_length} characters")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self._get(name, default)
        if value not in choices:
            self.faults.append(f"{name} must be one of {', '.join(choices)}")
            return default
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number between two bounds, both allowed."""
        try:
            value = float(self._get(name, str(default)))
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.faults.append(f"{name} must be a number from {low:g} to {high:g}")
            return default
        return value

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number between two bounds, both allowed."""
        value = self.number(name, default, low=low, high=high)
        if value != int(value):
            self.faults.append(f"{name} must be a whole number")
            return default
        return int(value)

    def port(self, name: str, default: int) -> int:
        """A TCP port; 0 lets the system choose one."""
        return self.integer(name, default, low=0, high=65535)

    def url(self, name: str, *schemes: str, default: str | None = None) -> str:
        """A URL of one of these schemes, with a host; required when there is no default."""
        value = self._get(name, default)
        try:
            parts = urlsplit(value)
            good = parts.scheme in schemes and bool(parts.hostname)
        except ValueError:
            good = False
        if value and not good:
            self.faults.append(f"{name} must be a URL like {schemes[0]}://host…")
        return value

    def redis_url(self, name: str) -> str:
        """The URL of a Redis server, or of a cluster by some of its nodes."""
        value = self._get(name, None)
        try:
            good = not value or bool(addresses(value))
        except ValueError:
            good = False
        if not good:
            self.faults.append(
                f"{name} must be a URL like redis://host:port/0 or redis+cluster://host:port,host:port"
                " (rediss… for TLS; a cluster has no database but 0)"
            )
        return value

    def words(self, name: str, default: str = "") -> tuple[str, ...]:
        """A list separated by commas; empty items are dropped."""
        return tuple(word.strip() for word in self._get(name, default).split(",") if word.strip())

    def networks(self, name: str, default: str) -> Trusted:
        """Networks with commas or blanks between, as `10.0.0.0/8`; a single address is one, too."""
        found: list[Network] = []
        for word in self.words(name, default):
            try:
                found.append(ip_network(word))
            except ValueError:
                self.faults.append(f"{name}: {word!r} is not an address or a network, as 10.0.0.0/8")
        return tuple(found)


@contextmanager
def reading(variables: Mapping[str, str]) -> Iterator[Environment]:
    """An `Environment` to read from. Raises `BadSettings` at the end of the block if anything was wrong."""
    environment = Environment(variables)
    yield environment
    if environment.faults:
        raise BadSettings(environment.faults)
