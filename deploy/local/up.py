"""The order of things: what starts before what, and what stops before what.

Start: the stores, the front and the build of the web app side by side, and the schema as soon as its store is there; then
control, every chatd replica and the demo data side by side; ready when the front answers for them, and, the first time,
when the people of the demo have talked. Stop: chatd first, because its drain tells clients to come back and needs
everything else; then control, the front, and the stores last.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import trio

from common.units import SECONDS
from deploy import web
from deploy.embedded.caddy import Caddy
from deploy.embedded.errors import SetUpError
from deploy.embedded.process import how_it_ended
from deploy.local.console import Console
from deploy.local.keeper import Keeper, Kept
from deploy.local.programs import (
    Program,
    chatd_environment,
    comes_to_answer,
    read_procfile,
    shared_environment,
)
from deploy.local.settings import Ports
from deploy.local.state import State
from deploy.local.stores import Stores
from deploy.local.talking import Conversation, hold

FRONT_WITHIN_S = 20 * SECONDS
DRAIN_WITHIN_S = 20 * SECONDS
CONTROL_STOPS_WITHIN_S = 10 * SECONDS


class _Demo(msgspec.Struct):
    """What `control seed` prints, as far as it matters here."""

    accounts: list[dict[str, str]] = []
    conversations: list[Conversation] = []


class Instance:
    """All of Madang on one machine.

    Args:
        environ: what the programs inherit.
        quiet: their logs go to files, not to the console.
        demo: make the demo accounts.
    """

    def __init__(
        self,
        root: Path,
        state: State,
        stores: Stores,
        ports: Ports,
        console: Console,
        *,
        environ: Mapping[str, str],
        quiet: bool,
        demo: bool,
    ) -> None:
        self.root = root
        self.state = state
        self.ports = ports
        self.stores = stores
        self._demo_data = _Demo()
        self._console = console
        self._environ = environ
        self._quiet = quiet
        self._demo = demo
        self._commands = read_procfile(root / "Procfile")
        self._front = Caddy(
            state.folder / "caddy", control=ports.control, chatd=ports.chatd, port=ports.front
        )
        self._programs: list[Program] = []
        self._keepers: dict[str, Keeper] = {}
        console.introduce("control", *(f"chatd.{number}" for number in self._numbers))

    @property
    def url(self) -> str:
        """The address to open."""
        return self._front.url

    @property
    def accounts(self) -> list[dict[str, str]]:
        """The people of the demo, with whom one can log in."""
        return self._demo_data.accounts

    @property
    def chatd_urls(self) -> list[str]:
        """Each replica's own WebSocket address, past the front."""
        return [f"ws://127.0.0.1:{port}/socket" for port in self.ports.chatd]

    @property
    def environment(self) -> dict[str, str]:
        """What control and chatd are both told."""
        return shared_environment(
            self.ports,
            self.stores.urls,
            secret=self.state.secret,
            environ=self._environ,
            log_format="console" if self._console.is_terminal or self._quiet else "json",
        )

    @property
    def processes(self) -> dict[str, int]:
        """The process number of each thing that was started."""
        return {name: pid for name, keeper in self._keepers.items() if (pid := keeper.kept.pid) is not None}

    async def start(self, nursery: trio.Nursery) -> None:
        """Start everything and return once the address to open serves; `nursery` keeps it running.

        Raises:
            ExceptionGroup of SetUpError: for each thing that could not be had. What was started runs until `stop()`.
        """
        async with trio.open_nursery() as side_by_side:
            side_by_side.start_soon(self._start, self._front)
            side_by_side.start_soon(self._start_stores)
            side_by_side.start_soon(self._build_web)
        self._programs = [self._program_control(), *map(self._program_chatd, self._numbers)]
        self._console.step("Starting control and chatd.")
        async with trio.open_nursery() as side_by_side:
            for program in self._programs:
                side_by_side.start_soon(self._start, program)
            if self._demo:
                side_by_side.start_soon(self._seed)
        await self._front_serves()
        await self._talk()
        self._write_run()
        for keeper in self._keepers.values():
            nursery.start_soon(keeper.keep)

    async def stop(self) -> None:
        """Stop everything in order; bounded, for each stage is."""
        stages: list[list[str]] = [
            [f"chatd.{number}" for number in self._numbers],
            ["control"],
            [self._front.name],
            [store.name for store in self.stores.embedded.values()],
        ]
        for stage in stages:
            async with trio.open_nursery() as side_by_side:
                for name in stage:
                    if name in self._keepers:
                        side_by_side.start_soon(self._keepers[name].stop)

    async def hurry(self) -> None:
        """Do not wait for drains any more. The stores still stop in order: that is quick, and their data are dear."""
        async with trio.open_nursery() as side_by_side:
            for program in self._programs:
                if program.name in self._keepers:
                    side_by_side.start_soon(self._keepers[program.name].kill)

    def last_words(self) -> str:
        """The end of each program's log, when they go to files."""
        return "\n".join(
            f"--- {program.name}\n{said}" for program in self._programs if (said := program.said())
        )

    # How.

    @property
    def _numbers(self) -> range:
        return range(1, len(self.ports.chatd) + 1)

    async def _start(self, kept: Kept) -> None:
        keeper = self._keepers[kept.name] = Keeper(kept, self._console, changed=self._write_run)
        await keeper.start()

    async def _start_stores(self) -> None:
        stores = self.stores.embedded
        if stores:
            self._console.step(f"Starting {', '.join(store.name for store in stores.values())}.")
        async with trio.open_nursery() as side_by_side:
            for variable, store in stores.items():
                if variable != "DATABASE_URL":
                    side_by_side.start_soon(self._start, store)
            if "DATABASE_URL" in stores:
                await self._start(stores["DATABASE_URL"])
            await self._control("migrate")

    async def _build_web(self) -> None:
        """Without the web app everything else still serves: the bare address leads to the pages about the API then."""
        folder = self.root / "control" / "web"
        if not folder.is_dir():
            return
        try:
            await web.build(self._console.step, folder)
        except SetUpError as error:
            self._console.warn(str(error))

    async def _control(self, command: str) -> str:
        """Run one of control's commands; what it prints."""
        argv = [*self._commands["control"], command]
        ran = await trio.run_process(
            argv, cwd=self.root, env=self.environment, capture_stdout=True, capture_stderr=True, check=False
        )
        if ran.returncode != 0:
            said = (ran.stdout + ran.stderr).decode(errors="replace").strip()
            raise SetUpError(
                f"`control {command}` failed ({how_it_ended(ran.returncode)}).",
                details="\n".join(said.splitlines()[-20:]),
            )
        return ran.stdout.decode()

    async def _seed(self) -> None:
        """Make the demo data, the first time."""
        if (accounts := self.state.planted(self.stores.urls["DATABASE_URL"])) is not None:
            self._demo_data = _Demo(accounts)
            return
        printed = await self._control("seed")
        try:
            self._demo_data = msgspec.json.decode(printed, type=_Demo)
        except msgspec.DecodeError as error:
            raise SetUpError(
                "`control seed` did not print its accounts as JSON.", details=printed[-2000:]
            ) from error

    async def _talk(self) -> None:
        """At the first start there is something to be said; with that, the demo data are whole."""
        if self._demo_data.conversations:
            self._console.step("The people of the demo talk with each other.")
            passwords = {account["email"]: account["password"] for account in self.accounts}
            try:
                await hold(self.url, self.chatd_urls, passwords, self._demo_data.conversations)
            except SetUpError as error:
                self._console.warn(str(error))
                return
        if self._demo:
            self.state.write_planted(self.stores.urls["DATABASE_URL"], self.accounts)

    def _program_control(self) -> Program:
        return self._program("control", {}, self.ports.control, CONTROL_STOPS_WITHIN_S)

    def _program_chatd(self, number: int) -> Program:
        own = chatd_environment(self.ports, number)
        return self._program(own["CHATD_REPLICA"], own, self.ports.private[number - 1], DRAIN_WITHIN_S)

    def _program(self, name: str, own: Mapping[str, str], ready_port: int, stop_within_s: float) -> Program:
        return Program(
            name,
            self._commands[name.partition(".")[0]],
            {**self.environment, **own},
            cwd=self.root,
            ready_port=ready_port,
            console=self._console,
            log=self.state.logs / f"{name}.log" if self._quiet else None,
            stop_within_s=stop_within_s,
        )

    async def _front_serves(self) -> None:
        ready = await trio.to_thread.run_sync(
            comes_to_answer, self.ports.front, "/readyz", FRONT_WITHIN_S, abandon_on_cancel=True
        )
        if not ready:
            raise SetUpError(
                f"{self.url}/readyz does not answer, though control does. Its log: {self._front.log}"
            )

    def _write_run(self) -> None:
        """What tools want to know, in `.madang/run.json`."""
        self.state.write_run(
            {
                "pid": os.getpid(),
                "url": self.url,
                "chatd_urls": self.chatd_urls,
                "ports": {
                    "front": self.ports.front,
                    "control": self.ports.control,
                    "chatd": self.ports.chatd,
                    "private": self.ports.private,
                },
                "stores": self.stores.urls,
                "pids": self.processes,
            }
        )


async def supervise(
    instance: Instance, console: Console, work: Callable[[], Awaitable[int]], interrupted: int
) -> int:
    """Start `instance`, do `work`, stop it; the exit status: of `work`, or `interrupted` when a signal came before its
    end, or 1 when something could not be had. The first Ctrl-C stops, the second one hurries."""
    faults: list[SetUpError] = []
    status = interrupted
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
        async with trio.open_nursery() as nursery:
            scope = trio.CancelScope()
            nursery.start_soon(_watch, signals, scope, instance, console)
            try:
                with scope:
                    await instance.start(nursery)
                    status = await work()
            except* SetUpError as group:
                faults.extend(_leaves(group))
            finally:
                with trio.CancelScope(shield=True):  # every stage of stop() is bounded
                    await instance.stop()
                nursery.cancel_scope.cancel()
    for fault in faults:
        console.fail(str(fault))
    return 1 if faults else status


async def _watch(
    signals: AsyncIterator[int], scope: trio.CancelScope, instance: Instance, console: Console
) -> None:
    async for _ in signals:
        if not scope.cancel_called:
            console.say("\nStopping. Ctrl-C again to hurry.")
            scope.cancel()
        else:
            await instance.hurry()


def _leaves(group: BaseExceptionGroup[SetUpError]) -> Sequence[SetUpError]:
    found: list[Any] = []
    for each in group.exceptions:
        found.extend(_leaves(each) if isinstance(each, BaseExceptionGroup) else [each])
    return found
