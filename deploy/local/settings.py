"""What was asked for: the command line and the environment, checked, and the ports that follow from both."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deploy.embedded.errors import SetUpError
from deploy.embedded.ports import free_port, is_free

STORES = ("DATABASE_URL", "REDIS_URL", "MONGO_URL", "S3_URL")

_ABOUT = """\
Start Madang on this machine: the services it needs, control, chatd replicas, and one address in front of them.
Ctrl-C stops everything in order. State is kept in .madang/ between runs.
"""
_ENVIRONMENT = """\
environment:
  DATABASE_URL REDIS_URL MONGO_URL S3_URL
                     use this service; a real one is started for each that is not given
  MADANG_PORT        the address to open (8000)
  CONTROL_PORT       control behind it (8001)
  CHATD_PORT         the first chatd replica (8101), the next ones above it
  CHATD_PRIVATE_PORT the first one's health and metrics (8201), the next ones above it
  NO_COLOR           no colours
A port of these that is taken is an error; a default that is taken is replaced by a free one.
"""
_MOST_REPLICAS = 16


@dataclass(frozen=True)
class Options:
    """The command line."""

    chatd: int
    fresh: bool
    smoke: bool
    quiet: bool
    demo: bool


@dataclass(frozen=True)
class Ports:
    """Where everything that is not a store listens, on the loopback."""

    front: int
    control: int
    chatd: tuple[int, ...]
    private: tuple[int, ...]


def read_options(words: Sequence[str]) -> Options:
    """Parse the command line; prints help or a fault and exits, as command lines do."""
    parser = ArgumentParser(
        prog="./deploy/up",
        description=_ABOUT,
        epilog=_ENVIRONMENT,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--chatd", type=_replicas, default=2, metavar="N", help="how many chatd replicas (2)")
    parser.add_argument("--fresh", action="store_true", help="forget all earlier data first")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="without demo accounts")
    parser.add_argument("--quiet", action="store_true", help="the programs' logs to .madang/logs/, not here")
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="start on data and ports of its own, have two people talk, stop; exit status 0 if all went well",
    )
    return Options(**vars(parser.parse_args(words)))


def choose_ports(count: int, environ: Mapping[str, str], tell: Callable[[str], None]) -> Ports:
    """Ports for `count` replicas, as given or by default. `tell` hears which defaults had to be replaced.

    Raises:
        SetUpError: if a given port is taken or is none.
    """
    replaced: dict[int, int] = {}
    ports = Ports(
        front=_port("MADANG_PORT", 8000, environ, replaced),
        control=_port("CONTROL_PORT", 8001, environ, replaced),
        chatd=tuple(_port("CHATD_PORT", 8101, environ, replaced, step=step) for step in range(count)),
        private=tuple(
            _port("CHATD_PRIVATE_PORT", 8201, environ, replaced, step=step) for step in range(count)
        ),
    )
    if replaced:
        changes = ", ".join(f"{instead} instead of {port}" for port, instead in replaced.items())
        tell(f"Some ports are taken; using {changes}.")
    return ports


def free_ports(count: int) -> Ports:
    """Ports for `count` replicas, all of them free ones."""
    return Ports(
        front=free_port(),
        control=free_port(),
        chatd=tuple(free_port() for _ in range(count)),
        private=tuple(free_port() for _ in range(count)),
    )


def _port(
    variable: str, default: int, environ: Mapping[str, str], replaced: dict[int, int], *, step: int = 0
) -> int:
    given = environ.get(variable, "").strip()
    if given:
        if not given.isdecimal() or not 0 < int(given) + step < 65536:
            raise SetUpError(f"{variable}={given} is not a port: give a number from 1 to 65535.")
        port = int(given) + step
        if not is_free(port):
            raise SetUpError(
                f"Port {port} ({variable}) is taken: stop what uses it, or set {variable} to another."
            )
        return port
    port = default + step
    if is_free(port):
        return port
    replaced[port] = free_port()
    return replaced[port]


def _replicas(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= _MOST_REPLICAS:
        raise ArgumentTypeError(f"a number from 1 to {_MOST_REPLICAS}")
    return int(word)
