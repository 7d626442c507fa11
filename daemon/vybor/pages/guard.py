"""What no request passes that should not, and what every answer carries; the pages behind need not think of it.

Who may be asked under which name (a page elsewhere could give its own name to the kit's address), where a form may
come from, and how much it may weigh.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BYTES = 16_384
"""Of a form; the longest setting is a fiftieth of it."""
LARGER: Mapping[str, int] = {"/topics/add": 200_000_000}
"""Of files: most of it is passed over (`uploads`), so that a browser gets to read why."""
LONGEST_HEAD = 16_384
"""Of all headers together: where they come in pieces the server stops them itself."""
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none at all, browsers hide where a form comes from
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Without Strict-Transport-Security: with it browsers let nobody pass a certificate that they do not know."""
READS = ("GET", "HEAD")
HOST = re.compile(r"(?P<whom>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?", re.ASCII)


def machine_name(host: str) -> str:
    """The machine's name, as far as it can stand in a certificate."""
    return re.sub(r"[^A-Za-z0-9.-]", "", host).strip(".-")[:63] or "vybor"


def is_known(host: str, name: str) -> bool:
    """Whether the kit is called so: an address in numbers, localhost, or the machine's own name; any port."""
    if not (called := HOST.fullmatch(host)):
        return False
    whom = called["whom"].lower().removesuffix(".")
    if whom.startswith("["):
        return _is_address(whom[1:-1], version=6)
    return whom in ("localhost", name.lower(), f"{name.lower()}.local") or _is_address(whom, version=4)


def refusal(method: str, headers: Headers, name: str, largest: int = LARGEST_BYTES) -> tuple[int, str] | None:
    """Why a request goes no further: a status and a sentence; None: it may."""
    if sum(len(name) + len(value) for name, value in headers.raw) > LONGEST_HEAD:
        return 431, f"a request's head has at most {LONGEST_HEAD} bytes"
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_known(hosts[0], name):
        return (
            421,
            "this is a kit of Vybor, and not called so; ask by its address, such as https://192.168.1.20:8443",
        )
    if method in READS:
        return None
    if method != "POST":
        return 405, "this page knows GET and POST alone"
    length = headers.get("content-length", "")
    if not length.isdecimal() or int(length) > largest:
        return 413, f"a form has at most {largest} bytes, and says how many"
    if (
        headers.get("origin") != f"https://{hosts[0]}"
        or headers.get("sec-fetch-site", "same-origin") != "same-origin"
    ):
        return 403, "a form comes from a page of the kit itself; load that and try again"
    return None


def _is_address(text: str, version: int) -> bool:
    try:
        return ip_address(text).version == version
    except ValueError:
        return False


class Guard:
    """Stands before the pages."""

    def __init__(self, pages: ASGIApp, name: str) -> None:
        self._pages = pages
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        largest = LARGER.get(scope["path"], LARGEST_BYTES)
        refused = refusal(scope["method"], Headers(scope=scope), self._name, largest)
        answer = PlainTextResponse(refused[1] + "\n", refused[0]) if refused else self._pages
        await answer(scope, receive, guarded)
