"""The log bundle by the page of a running kit: what helps is in it, nothing of what was written or is secret."""

import io
import os
import re
import tarfile
from pathlib import Path

from processes.stage import BRISK, Kit, hands, kit
from processes.test_panel import Screen, browser, is_open
from processes.test_partner import partner
from processes.test_phrases import phrases, saved, to_phrases
from vybor.commands.bundle import MEMBERS
from vybor.contracts.messages import Role
from vybor.panel.site.site import COOKIE
from world.beside import free_port

SAID, DRAFT, PARTNER = ("Zebra", "quartz."), ("Walnut", "heron."), ("Marmot", "cello?")
LIMIT_S = 120.0
JOURNALCTL = """\
#!/usr/bin/env python3
# Every line that any process of this kit has logged, as journald would hand it out.
import json, pathlib
for log in sorted(pathlib.Path({folder!r}).glob("*.log")):
    for line in log.read_text().splitlines():
        entry = {{"__REALTIME_TIMESTAMP": "1767261600000000", "_TRANSPORT": "journal", "_PID": "8"}}
        print(json.dumps({{**entry, "SYSLOG_IDENTIFIER": "vybor-" + log.stem, "MESSAGE": line}}))
"""


def write(running: Kit) -> None:
    """Say one thing, leave another as it is being written, and have the other person ask a third."""
    with hands(running.runtime) as person:
        person.until(lambda: bool(person.screen and person.screen.tiles))
        for words in (SAID, DRAFT):
            assert phrases(running, "add", *words).returncode == 0
        to_phrases(person)
        person.choose(Role.PHRASE, " ".join(SAID))
        person.choose(Role.SPEAK)
        to_phrases(person)
        person.choose(Role.PHRASE, " ".join(DRAFT))
        assert partner(running, *PARTNER).returncode == 0
        person.until(lambda: saved(person) and person.screen is not None and person.screen.partner != "")


def members(packed: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        found = {}
        for member in tar:
            opened = tar.extractfile(member)
            assert opened
            found[member.name.removeprefix("vybor-bundle/")] = opened.read().decode()
        return found


def test_a_bundle_has_what_helps_and_neither_a_word_nor_a_secret(tmp_path: Path) -> None:
    port, programs = free_port(), tmp_path / "bin"
    programs.mkdir()
    (programs / "journalctl").write_text(JOURNALCTL.format(folder=str(tmp_path)))
    (programs / "journalctl").chmod(0o755)
    processes = ("core", "journal", "sync")
    with kit(
        tmp_path, *processes, settings=f"{BRISK}[panel]\nport = {port}\n[sync]\nport = {free_port()}\n"
    ) as running:
        (tmp_path / "planted.log").write_text("core: a line with the word Control\n")
        running.start("panel", PATH=f"{programs}:{os.environ['PATH']}")
        write(running)
        screen = Screen(running.runtime)
        try:
            screen.until(lambda: screen.health is not None and is_open(port))
            with browser(port) as client:
                client.post("/enter/ask", content=b"")
                pin = screen.pin()
                assert client.post("/enter", data={"pin": pin}).headers["location"] == "/"
                mark = re.findall(r'name="csrf" value="([^"]+)"', client.get("/bundle").text)[0]
                for path in ("/", "/sync", "/model", "/nowhere/Zebra"):
                    client.get(path)
                assert client.post("/bundle", data={"csrf": "x"}).status_code == 403
                reply = client.post("/bundle", data={"csrf": mark}, timeout=LIMIT_S)
                assert reply.status_code == 200, reply.text
                token = client.cookies[COOKIE]
        finally:
            screen.bus.close()
        logs = {name: running.log(name) for name in (*processes, "panel")}
    told = members(reply.content)
    assert list(told) == [member.name for member in MEMBERS]
    assert "the page is open" in told["log.txt"]
    assert "Control" in told["log.txt"]  # what a process logs does come into it: none of them logged a word
    assert f"port = {port}" in told["settings.toml"]
    key = (running.state / "panel" / "page.pem").read_text().splitlines()[1:4]
    words = [word.strip(".?") for word in (*SAID, *DRAFT, *PARTNER)]
    secrets = [*words, mark, token, *key]
    for name, text in {**told, **logs}.items():
        assert [secret for secret in secrets if secret.lower() in text.lower()] == [], name
        assert not re.search(rf"\b{pin}\b|\b{pin[:3]} {pin[3:]}\b", text), name
