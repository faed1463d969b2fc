"""The command line of `./deploy/control`: an operator's command, as `admin ADDRESS`, on what `./deploy/up` runs here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

import msgspec

from deploy.embedded.errors import SetUpError
from deploy.embedded.service import kept_secret
from deploy.local.programs import read_procfile, shared_environment
from deploy.local.settings import Ports

ROOT: Final = Path(__file__).resolve().parent.parent.parent


class _Run(msgspec.Struct):
    """What `.madang/run.json` says of it."""

    ports: Ports
    stores: dict[str, str]


def main(words: list[str], environ: Mapping[str, str], root: Path = ROOT) -> NoReturn:
    """Become the command; or end, and say why on stderr."""
    try:
        command, environment = prepared(words, environ, root)
    except SetUpError as error:
        sys.exit(str(error))
    os.chdir(root)
    os.execvpe(command[0], command, environment)  # noqa: S606 - no shell is wanted


def prepared(words: list[str], environ: Mapping[str, str], root: Path) -> tuple[list[str], dict[str, str]]:
    """The command that the Procfile has for control, with `words`, and the environment it runs in there.

    Raises:
        SetUpError: if nothing runs there, or `words` name no command.
    """
    folder = root / ".madang"
    try:
        run = msgspec.json.decode((folder / "run.json").read_bytes(), type=_Run)
    except FileNotFoundError:
        raise SetUpError("Nothing runs here: start ./deploy/up first, in another terminal.") from None
    if not words:
        raise SetUpError(
            "Which command? ./deploy/control --help names them; to serve is what ./deploy/up does."
        )
    secret = kept_secret(folder / "secret")
    environment = shared_environment(
        run.ports, run.stores, secret=secret, environ=environ, log_format="console"
    )
    return [*read_procfile(root / "Procfile")["control"], *words], environment


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
