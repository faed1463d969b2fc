"""Which process of tests gets what. Imported once pytest has made xdist a plugin, and by nobody before."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

SHARING = ("tests/browser/",)  # folders whose tests use one Madang that takes long to start


class ByProduct(LoadFileScheduling):  # type: ignore[misc]  # it has no types
    """Gives each process a file at a time; but what shares a running Madang, all of it to one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARING if nodeid.startswith(folder)), super()._split_scope(nodeid))
