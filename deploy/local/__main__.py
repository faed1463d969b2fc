"""The command line of `./deploy/up`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import trio

from deploy.embedded.errors import SetUpError
from deploy.local import banner
from deploy.local.console import Console
from deploy.local.settings import STORES, Options, choose_ports, free_ports, read_options
from deploy.local.state import open_state
from deploy.local.stores import Stores
from deploy.local.up import Instance, supervise

ROOT = Path(__file__).resolve().parent.parent.parent
_INTERRUPTED = 128 + signal.SIGINT
_OURS = ("MADANG_", "CONTROL_", "CHATD_")


def main(words: list[str], environ: Mapping[str, str], root: Path = ROOT) -> int:
    options = read_options(words)
    console = Console()
    try:
        return (
            smoke(options, console, environ, root) if options.smoke else up(options, console, environ, root)
        )
    except SetUpError as error:
        console.fail(str(error))
        return 1
    except KeyboardInterrupt:  # before there was anything to stop in order
        return _INTERRUPTED


def up(options: Options, console: Console, environ: Mapping[str, str], root: Path) -> int:
    """Run until told to stop."""
    began = time.monotonic()
    state = open_state(root / ".madang")
    try:
        if options.fresh:
            Stores(state.folder, {}, usual_ports=False).wipe()
            state.clear()
        instance = Instance(
            root,
            state,
            Stores(state.folder, environ, usual_ports=True),
            choose_ports(options.chatd, environ, console.warn),
            console,
            environ=environ,
            quiet=options.quiet,
            demo=options.demo,
        )

        async def work() -> int:
            banner.show(console, instance, seconds=time.monotonic() - began)
            await trio.sleep_forever()

        return trio.run(supervise, instance, console, work, 0)
    finally:
        state.close()


def smoke(options: Options, console: Console, environ: Mapping[str, str], root: Path) -> int:
    """Start on data and ports of its own, run `deploy.smoke`, stop; its exit status."""
    folder = Path(tempfile.mkdtemp(prefix="madang-smoke-"))
    state = open_state(folder)
    try:
        instance = Instance(
            root,
            state,
            Stores(folder, {}, usual_ports=False),
            free_ports(options.chatd),
            console,
            environ={k: v for k, v in environ.items() if not k.startswith(_OURS) and k not in STORES},
            quiet=True,
            demo=False,
        )

        async def work() -> int:
            environment = {
                **instance.environment,
                "MADANG_URL": instance.url,
                "MADANG_CHATD_URLS": ",".join(instance.chatd_urls),
            }
            ran = await trio.run_process(
                [sys.executable, "-m", "deploy.smoke"], cwd=root, env=environment, check=False
            )
            if ran.returncode != 0:
                console.say(instance.last_words())
            return abs(ran.returncode)

        return trio.run(supervise, instance, console, work, _INTERRUPTED)
    finally:
        state.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
