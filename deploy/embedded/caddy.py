"""Caddy, the one address in front of control and the chatd replicas.

Everything under `/socket` goes to the replica with the fewest connections; one that is down is passed over, so a
client that reconnects meets a living one. All else goes to control, and while control restarts, requests wait for it.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.embedded.ports import LOOPBACK
from deploy.embedded.service import Service, address, script

_CONFIGURATION = """\
{{
	admin off
	auto_https off
	persist_config off
	skip_install_trust
	grace_period 3s
	log {{
		level WARN
		format console
	}}
}}

http://:{port} {{
	bind {host}
	handle {probe} {{
		respond 204
	}}
	handle /socket* {{
		reverse_proxy {chatd} {{
			lb_policy least_conn
			lb_try_duration 10s
			lb_try_interval 100ms
			fail_duration 2s
		}}
	}}
	handle {{
		reverse_proxy {control} {{
			lb_try_duration 10s
			lb_try_interval 100ms
		}}
	}}
}}
"""
_PROBE = "/.front-ready"


class Caddy(Service):
    """A front for one control and any number of chatd replicas, given as ports of the loopback."""

    name: ClassVar[str] = "Caddy"
    needs_mb: ClassVar[int] = 16
    stop_within_s: ClassVar[float] = 5.0

    def __init__(
        self,
        folder: Path,
        *,
        control: int,
        chatd: Sequence[int],
        port: int | None = None,
        extra: Sequence[str] = (),
    ) -> None:
        super().__init__(folder, port=port, extra=extra)
        self.control = control
        self.chatd = tuple(chatd)

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`"""
        return f"http://{address(self.port)}"

    def _prepare(self) -> None:
        self.data.mkdir(exist_ok=True)
        configuration = _CONFIGURATION.format(
            host=LOOPBACK,
            port=self.port,
            probe=_PROBE,
            control=address(self.control),
            chatd=" ".join(address(port) for port in self.chatd),
        )
        (self.folder / "Caddyfile").write_text(configuration)

    def _command(self) -> list[str | Path]:
        program = script("caddy", service=self.name)
        return [program, "run", "--config", self.folder / "Caddyfile", "--adapter", "caddyfile"]

    def _environment(self) -> Mapping[str, str]:
        home = str(self.data)
        return {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=2)
        try:
            connection.request("GET", _PROBE)
            return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
        except OSError:
            return False
        finally:
            connection.close()
