"""Somebody at the web app: they see, press and type, by the words that stand there.

mina = await open_visitor(chromium, yard.url, language="ko")
await mina.types("이메일", "haneul@example.com")
await mina.presses("로그인")
await mina.sees("내 방")
"""

from __future__ import annotations

import base64
from typing import Any, Final, Literal

import msgspec

from deploy import web
from tests.support.chromium import Chromium, Page
from tests.support.yard import Account, Yard

Language = Literal["ko", "en"]
Theme = Literal["light", "dark"]
Key = Literal["Enter", "Escape", "Tab", "ArrowDown", "F8"]

_KEYS: Final[dict[Key, tuple[int, str]]] = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowDown": (40, ""),
    "F8": (119, ""),
}
_MOST_TABS: Final = 60

# What is refused to a page by its policy, and what broke in it, is kept for `complaints`; what was said in passing, for `hears`.
_PREPARE: Final = """
localStorage.setItem("madang.language", localStorage.getItem("madang.language") ?? LANGUAGE);
window.complaints = [];
addEventListener("error", (event) => complaints.push(`${event.message} at ${event.filename}:${event.lineno}`));
addEventListener("unhandledrejection", (event) => complaints.push(String(event.reason?.stack ?? event.reason)));
addEventListener("securitypolicyviolation", (event) => complaints.push(`${event.violatedDirective}: ${event.blockedURI}`));
window.passed = [];
const passing = new WeakMap();
new MutationObserver(() => {
    for (const each of document.querySelectorAll(PASSING)) {
        const text = each.textContent.trim();
        if (text !== "" && passing.get(each) !== text) passed.push(text);
        passing.set(each, text);
    }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
# What stands there for seconds only.
_PASSING: Final = ".toast, .room-typing, .tile:not(.tile-own) .tile-emoji"
_SHOWN: Final = """
const modal = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
const isInert = (each) => !modal.contains(each) || each.closest("[inert]");
const shown = (each) => each.checkVisibility({ visibilityProperty: true }) && !isInert(each);
const named = (each) => (each.getAttribute("aria-label") ?? each.textContent).replace(/\\s+/g, " ").trim();
"""
_FIELD: Final = (
    _SHOWN
    + """
const label = [...document.querySelectorAll("label")].filter(shown).find((each) => named(each) === NAME);
const field = label && (label.control ?? document.getElementById(label.htmlFor));
"""
)
# Found and dealt with at once: nothing can come in between, as a dialog that opens and takes the focus.
_TYPE: Final = """
field?.focus();
field?.select?.();
!!field && document.activeElement === field && document.execCommand("insertText", false, TEXT);
"""
_CHOOSE: Final = """
if (field) field.value = VALUE;
field?.dispatchEvent(new Event("change", { bubbles: true }));
!!field;
"""
_PRESS: Final = (
    _SHOWN
    + """
const all = [...document.querySelectorAll("button, a, summary, [role=button], [role=menuitem], [role=tab]")].filter(shown);
const button = all.find((each) => named(each) === NAME) ?? all.find((each) => named(each).includes(NAME));
const isReady = !!button && button.ariaDisabled !== "true";
if (isReady) {
    button.focus();
    button.click();
}
isReady;
"""
)


_PICK: Final = """(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    canvas.getContext("2d").fillRect(0, 0, 64, 64);
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const chosen = new DataTransfer();
    chosen.items.add(new File([drawn], FILE, { type: "image/png" }));
    const field = document.querySelector(INTO);
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
})()"""


class Visitor:
    """A person before a page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    async def goes(self, path: str) -> None:
        """To a path of the app, without loading it anew."""
        way = "Object.assign(document.createElement('a'), { href: PATH })"
        script = f"(() => {{ const way = {way}; document.body.append(way); way.click(); way.remove(); }})()"
        await self.page.run(_with(script, PATH=path))

    async def types(self, label: str, text: str) -> None:
        """Into the field with that label, instead of what stands there."""
        await self.page.until(_calling(_FIELD + _TYPE, NAME=label, TEXT=text))

    async def fills(self, selector: str, text: str) -> None:
        """The first field that the selector finds, as `types` does."""
        found = "const field = [...document.querySelectorAll(SELECTOR)].find(shown);"
        await self.page.until(_calling(_SHOWN + found + _TYPE, SELECTOR=selector, TEXT=text))

    async def chooses(self, label: str, value: str) -> None:
        """That of the choices of the field with that label."""
        await self.page.until(_calling(_FIELD + _CHOOSE, NAME=label, VALUE=value))

    async def presses(self, name: str) -> None:
        """The button or link of that name, once it is there and may be pressed; what is pressed has the focus."""
        await self.page.until(_calling(_PRESS, NAME=name))

    async def hits(self, key: Key) -> None:
        """A key."""
        code, text = _KEYS[key]
        for kind in ("keyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            await self.page.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **extra
            )

    async def tabs_to(self, selector: str) -> None:
        """From one thing to the next, until the focus is there."""
        here = _with("document.activeElement.matches(SELECTOR)", SELECTOR=selector)
        for _ in range(_MOST_TABS):
            if await self.page.run(here):
                return
            await self.hits("Tab")
        raise AssertionError(f"no Tab leads to {selector}")

    async def is_offline(self, offline: bool) -> None:
        """Nothing that begins from now on reaches the network, or does again; a socket that is open stays so."""
        await self.page.ask("Network.enable")
        await self.page.ask(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    async def sees(self, text: str) -> None:
        """These words, sooner or later."""
        await self.page.until(_with("document.body?.innerText.includes(TEXT)", TEXT=text))

    async def hears(self, text: str) -> None:
        """These words, which are said in passing and may be gone by now. What is heard once is not heard again."""
        at = "passed.findIndex((each) => each.includes(TEXT))"
        await self.page.until(_with(f"{at} >= 0 && passed.splice({at}, 1).length > 0", TEXT=text))

    async def rests_on_what_passes(self) -> None:
        """By the pointer: what is said in passing stays until it is pressed."""
        await self.finds(".toasts")
        await self.page.run(
            "document.querySelector('.toasts').dispatchEvent(new PointerEvent('pointerenter'))"
        )

    async def finds(self, selector: str) -> None:
        """An element, sooner or later."""
        await self.page.until(_with("!!document.querySelector(SELECTOR)", SELECTOR=selector))

    async def is_at(self, path: str) -> None:
        """The path, sooner or later."""
        await self.page.until(_with("location.pathname === PATH", PATH=path))

    async def settles(self) -> None:
        """Nothing is on its way any more, pictures in view included, and nothing moves."""
        still = (
            "!document.querySelector('[aria-busy=true], .skeleton') && document.getAnimations().length === 0"
            " && [...document.images].every(one => one.complete || one.getBoundingClientRect().top > innerHeight)"
        )
        await self.page.until(still)
        drawn = "[...document.images].filter(one => one.complete && one.naturalWidth > 0).map(one => one.decode())"
        await self.page.run(f"Promise.allSettled({drawn}).then(() => null)")

    async def is_sure(self) -> None:
        """Yes, to what is asked once more before it is done."""
        dialogs = "document.querySelectorAll('.dialog')"
        yes = f"[...{dialogs}].at(-1)?.querySelector('.button-danger')"
        await self.page.until(f"!!{yes}")
        asked = await self.page.run(f"{dialogs}.length")
        await self.page.run(f"{yes}.click()")
        await self.page.until(f"{dialogs}.length < {asked}")

    async def picks_a_picture(self, name: str = "picture.png", into: str = "input[type=file]") -> None:
        """A black square, into the first field for files that the selector finds."""
        await self.page.run(_with(_PICK, FILE=name, INTO=into))

    async def looks(self, *, theme: Theme, width: int, height: int) -> None:
        """In that light, through a window of that size."""
        scheme = {"name": "prefers-color-scheme", "value": theme}
        await self.page.ask("Emulation.setEmulatedMedia", features=[scheme])
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.page.ask("Emulation.setDeviceMetricsOverride", **size)

    async def log_in(self, account: Account, *, language: Language = "ko") -> None:
        """From the gate into the yard."""
        email, password, log_in = {
            "ko": ("이메일", "비밀번호", "로그인"),
            "en": ("E-mail", "Password", "Log in"),
        }[language]
        await self.types(email, account.email)
        await self.types(password, account.password)
        await self.presses(log_in)
        await self.is_at("/")
        await self.finds(".frame")

    async def complaints(self) -> list[str]:
        """What broke, and what the policy forbade, since the page was loaded."""
        said: list[str] = await self.page.run("complaints")
        return said

    async def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA on what is shown."""
        if not await self.page.run("'axe' in window"):
            await self.page.run((web.WEB / "node_modules" / "axe-core" / "axe.min.js").read_text() + ";0")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        options = msgspec.json.encode({"runOnly": tags, "resultTypes": ["violations"]}).decode()
        found: list[dict[str, Any]] = await self.page.run(
            f"axe.run(document, {options}).then((it) => it.violations)"
        )
        return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]

    async def picture(self) -> bytes:
        """What is shown, as a PNG."""
        taken = await self.page.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])


async def open_visitor(
    chromium: Chromium, url: str, *, language: Language = "ko", path: str = "/"
) -> Visitor:
    """Somebody new, with no cookies of anybody else's, who has just opened the address."""
    page = await chromium.open_apart(url + path, prepare=_with(_PREPARE, LANGUAGE=language, PASSING=_PASSING))
    return Visitor(page, url)


async def enter(
    chromium: Chromium, yard: Yard, nickname: str, path: str = "/", *, language: Language = "ko"
) -> Visitor:
    """Somebody of the demo, logged in, where `path` leads."""
    visitor = await open_visitor(chromium, yard.url, language=language, path="/login")
    await visitor.log_in(yard.accounts[nickname], language=language)
    await visitor.goes(path)
    return visitor


def _with(script: str, **values: str) -> str:
    """A script with values in it, as the literals they are in JavaScript."""
    for name, value in values.items():
        script = script.replace(name, msgspec.json.encode(value).decode())
    return script


def _calling(script: str, **values: str) -> str:
    """The value of a script's last line, with values in it."""
    *before, last = script.strip().splitlines()
    return _with("\n".join(["(() => {", *before, f"return {last}", "})()"]), **values)
