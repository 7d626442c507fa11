"""Browsers that read the carer's page: each keeps one page live, and loads another one every second.

    python -m benches.panel_readers BASE PAGE,PAGE,… TOKEN…

Says `reading` once all are, and each live page has come; at the end of stdin, in milliseconds, how long each page
took. A page that does not come or a live one that ends is said, and ends all of them with 1: a bench with fewer
readers would say too little. They are nicer than the kit: on a kit's own day they are other machines.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

import httpx2

from vybor.panel.site.site import COOKIE

EACH_S = 1.0
PATIENCE_S = 10.0
LIVE_PATIENCE_S = 40.0
"""A live page says something every fifteen seconds, changed or not."""
NICE = 10


def read(base: str, token: str, pages: list[str], first: int, ends: threading.Event, took_ms: list[float]) -> None:
    """One browser, which begins with another page than its neighbour."""
    cookies = {COOKIE: token}
    with httpx2.Client(
        base_url=base, verify=False, cookies=cookies, timeout=PATIENCE_S, follow_redirects=True
    ) as client:
        number = first
        while not ends.is_set():
            began_s = time.perf_counter()
            reply = client.get(pages[number % len(pages)])
            took_ms.append((time.perf_counter() - began_s) * 1000)
            if reply.status_code != 200 or reply.url.path == "/enter":
                end_all(f"{reply.url} answered {reply.status_code}")
            number += 1
            ends.wait(EACH_S)


def live(base: str, token: str, ends: threading.Event, came: threading.Event) -> None:
    """The first page, as it changes."""
    patience = httpx2.Timeout(PATIENCE_S, read=LIVE_PATIENCE_S)
    with (
        httpx2.Client(base_url=base, verify=False, cookies={COOKIE: token}, timeout=patience) as client,
        client.stream("GET", "/live") as stream,
    ):
        if stream.status_code != 200:
            end_all(f"{stream.url} answered {stream.status_code}")
        for line in stream.iter_lines():
            if ends.is_set():
                return
            if line == "event: over":
                break
            if line.startswith("data:"):
                came.set()
        end_all(f"{stream.url} ended by itself")


def end_all(why: str) -> NoReturn:
    """Nobody reads any more."""
    print(why, file=sys.stderr, flush=True)
    os._exit(1)


def begin(browses: Callable[..., None], *given: object) -> threading.Thread:
    """In a thread of its own; a line that is lost ends all."""

    def go_on() -> None:
        try:
            browses(*given)
        except httpx2.HTTPError as error:
            end_all(f"{browses.__name__}: {error!r}")

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    return thread


def main() -> None:
    """Read until stdin ends."""
    base, listed, *tokens = sys.argv[1:]
    os.nice(NICE)
    threading.excepthook = lambda lost: end_all(f"a reader is lost: {lost.exc_value!r}")
    ends, took_ms = threading.Event(), list[float]()
    reading, came = [], []
    for first, token in enumerate(tokens):
        came.append(threading.Event())
        begin(live, base, token, ends, came[-1])
        reading.append(begin(read, base, token, listed.split(","), first, ends, took_ms))
    if not all(each.wait(PATIENCE_S) for each in came):
        end_all("a live page has not come")
    print("reading", flush=True)
    sys.stdin.read()
    ends.set()
    for each in reading:
        each.join(PATIENCE_S)
    print(json.dumps(took_ms), flush=True)
    os._exit(0)  # live pages have no end that could be waited for


if __name__ == "__main__":
    main()
