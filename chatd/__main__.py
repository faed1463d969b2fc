"""`python -m chatd`: settings from the environment, one line for each that is wrong."""

from __future__ import annotations

import os
import sys

import trio

from chatd.app import run
from chatd.garbage import settle
from chatd.settings import load
from common import logs
from common.settings import BadSettings


def main() -> int:
    """Run until stopped; 2 when the settings are wrong."""
    try:
        settings = load(os.environ)
    except BadSettings as bad:
        for fault in bad.faults:
            print(f"chatd: {fault}", file=sys.stderr)  # noqa: T201 - logging is not set up without settings
        return 2
    settle()
    logs.configure(style=settings.log_format, level=settings.log_level, program=settings.replica)
    trio.run(run, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
