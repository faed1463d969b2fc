"""How much a stranger has to fetch before anything is shown."""

from __future__ import annotations

import re

from control.web.site import read_site
from deploy import web

MOST = 120 * 1024  # bytes of scripts and styles that the page asks for by itself, compressed


async def test_what_the_page_begins_with_is_light() -> None:
    await web.build(print)
    site = read_site(web.WEB / "dist")
    assert site is not None
    asked = set(re.findall(r'"(/assets/[^"]+)"', site.index.body.decode()))
    assert asked
    assert sum(len(site.files[name].form("gzip")[1]) for name in asked) < MOST


async def test_the_page_asks_nobody_else_for_anything() -> None:
    await web.build(print)
    site = read_site(web.WEB / "dist")
    assert site is not None
    elsewhere = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?https?://""")
    for name, file in {"/": site.index, **site.files}.items():
        if file.media_type.startswith("text/"):
            assert elsewhere.search(file.body.decode()) is None, name
