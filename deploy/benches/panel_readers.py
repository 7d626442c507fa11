"""Browsers that read the carer's page: each keeps one page live, and loads another one every second.

    python -m benches.panel_readers BASE PAGE,PAGE,… TOKEN…

Says `reading` once all are; at the end of stdin, in milliseconds, how long each page took. They are nicer than the
kit: on a kit's own day they are other machines.
"""

import json
import os
import sys
import threading
import time

import httpx2

from vybor.panel.site.site import COOKIE

EACH_S = 1.0
PATIENCE_S = 10.0


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
                print(f"{reply.url} answered {reply.status_code}", file=sys.stderr, flush=True)
                os._exit(1)  # all of them: a bench with fewer readers would say too little
            number += 1
            ends.wait(EACH_S)


def live(base: str, token: str, ends: threading.Event) -> None:
    """The first page, as it changes."""
    with (
        httpx2.Client(base_url=base, verify=False, cookies={COOKIE: token}, timeout=None) as client,
        client.stream("GET", "/live") as stream,
    ):
        for _ in stream.iter_lines():
            if ends.is_set():
                return


def main() -> None:
    """Read until stdin ends."""
    base, listed, *tokens = sys.argv[1:]
    os.nice(10)
    ends, took_ms = threading.Event(), list[float]()
    reading = []
    for first, token in enumerate(tokens):
        threading.Thread(target=live, args=(base, token, ends), daemon=True).start()
        reading.append(
            threading.Thread(target=read, args=(base, token, listed.split(","), first, ends, took_ms), daemon=True)
        )
        reading[-1].start()
    print("reading", flush=True)
    sys.stdin.read()
    ends.set()
    for each in reading:
        each.join(PATIENCE_S)
    print(json.dumps(took_ms), flush=True)
    os._exit(0)  # live pages have no end that could be waited for


if __name__ == "__main__":
    main()
