"""The wearer's own in a browser: the real pages, the real desk of core and a real record, joined by hand."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from unit.panel_browser import Browser
from unit.reading_kit import Kit
from unit.record_writer import Writer
from unit.test_deciding import MENU
from vybor.contracts import messages as m
from vybor.contracts.messages import Readable, ReadEnd, ReadRefusal, Role
from vybor.core.decision import readers
from vybor.core.decision.readers import LEASE_NS
from vybor.foundation.bus import Answered
from vybor.foundation.clock import seconds
from vybor.journal import handing_on, store
from vybor.panel import own_texts, sessions
from vybor.panel.lending import AGAIN_NS, ANSWERED_NS, Lending
from vybor.panel.site import own
from vybor.panel.site.own import Copy
from vybor.panel.site.site import COOKIE

ROWS_AT_A_TIME = 5


class Core:
    """Answers what pages wish as core does, in a thread of its own; the record's rows come of a real one."""

    def __init__(self, browser: Browser, record: Path) -> None:
        self.kit, self.lock = Kit(), Lock()
        self.browser = browser
        self.wished: list[m.AnyCommand] = []
        self.told = 0
        """Pages of rows."""
        self.ends_after: int | None = None
        """The wearer ends it all once so many pages of rows were told."""
        self._record = record
        self._ends = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> "Core":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _run(self) -> None:
        kept = store.open_store(self._record, "boot-a")
        while not self._ends.wait(0.002):
            for wish in self.browser.desk.wishes():
                assert wish.receiver == "core"
                self.wished.append(wish.command)
                with self.lock:
                    wish.reply.set_result(self._reply(wish.command, kept))
        kept.close()

    def _reply(self, command: m.AnyCommand, kept: store.Store) -> m.AnyReply:
        if isinstance(command, m.AskToRead) and command.browser not in self.kit.browsers:
            self.kit.browsers.append(command.browser)
        self.kit.send(command)
        if self.kit.bus.asks:
            ((_, asked),) = self.kit.bus.asks
            self.kit.bus.asks.clear()
            assert isinstance(asked, m.TellRecord)
            if self.told == self.ends_after:
                self.kit.desk.known = readers.all_ended(self.kit.desk.known, self.kit.now_ns)
            self.told += 1
            assert self.kit.desk.answered(Answered("journal", handing_on.told(kept, asked, ROWS_AT_A_TIME)))
        return self.kit.bus.replies[-1]

    def says(self, answer: Role) -> None:
        with self.lock:
            self.kit.says(answer)


@contextmanager
def core(tmp_path: Path, language: str = "en") -> Iterator[tuple[Browser, Core]]:
    writer = Writer(tmp_path / "journal.sqlite")
    for number in range(30):
        writer.say(f"Sentence {number} of <Ada>")
    writer.write("My secret", learn=False)
    writer.speak(learn=False)
    writer.store.close()
    browser = Browser(language)
    browser.come_in()
    with Core(browser, writer.path) as answering:
        yield browser, answering


def ask(browser: Browser, what: str, client: TestClient | None = None) -> str:
    client = client or browser.client
    mark = re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]
    return str(client.post("/own/ask", data={"csrf": mark, "what": what}).text)


def test_before_the_wearer_says_yes_every_page_has_nothing(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        assert "Ada" not in browser.client.get("/own").text
        for path in ("/own/said", "/own/said.txt", "/own/record.jsonl"):
            for _ in range(2):
                reply = browser.client.get(path)
                assert (reply.status_code, "Ada" in reply.text) == (403, False)
            for what in Readable:
                ask(browser, what)
        assert answering.told == 0
        assert not any(isinstance(wish, m.ReadMirror) for wish in answering.wished)


def test_the_log_is_read_by_day_and_page_after_a_yes(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        assert "asked on the kit’s screen" in ask(browser, "log")
        answering.says(Role.READ_YES)
        assert 'href="/own/said"' in browser.client.get("/own").text
        told = browser.client.get("/own/said").text
        assert told.index("Sentence 29 of &lt;Ada&gt;.") < told.index("Sentence 28 of &lt;Ada&gt;.")
        assert re.findall(r"<h2>\d{4}-\d{2}-\d{2}</h2>", told)
        assert "secret" not in told
        found = re.findall(r"Sentence (\d+) of", told)
        while further := re.findall(r'href="(/own/said\?before=[\d.]+)"', told):
            told = browser.client.get(further[0]).text
            found += re.findall(r"Sentence (\d+) of", told)
        assert [int(number) for number in found] == list(range(29, -1, -1))
        assert browser.client.get("/own/record.jsonl").status_code == 403


@pytest.mark.parametrize("before", ["", "1", "1.", ".1", "-1.2", "1.2.3", "1.x", "٣.1", "9" * 19 + ".1", "1 .2"])
def test_what_is_no_place_in_the_record_is_refused(before: str, tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        assert browser.client.get("/own/said", params={"before": before}).status_code == 400
        assert answering.wished == []


def test_a_copy_is_taken_along_after_a_yes_as_text_and_as_lines(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        ask(browser, "export")
        answering.says(Role.READ_YES)
        text = browser.client.get("/own/said.txt")
        assert text.headers["content-disposition"] == 'attachment; filename="said.txt"'
        lines = text.text.splitlines()
        assert [line.partition("  ")[2] for line in lines] == [f"Sentence {n} of <Ada>." for n in range(30)]
        rows = [json.loads(line) for line in browser.client.get("/own/record.jsonl").text.splitlines()]
        assert {row["kind"] for row in rows} == {"decision", "utterance"}
        assert sum(row["kind"] == "utterance" for row in rows) == 30
        assert "secret" not in json.dumps(rows)
        assert browser.client.get("/own/said").status_code == 403


def test_a_copy_that_the_wearer_ends_in_between_is_no_whole_one(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        ask(browser, "export")
        answering.says(Role.READ_YES)
        answering.ends_after = 3
        cut = browser.client.get("/own/said.txt")
        assert "Sentence 0 of" in cut.text
        assert "Sentence 29 of" not in cut.text
        assert answering.told == 4
        assert browser.client.get("/own/said.txt").status_code == 403


@pytest.mark.parametrize(
    ("pieces", "is_whole"), [([b"a", b"b"], True), ([b"a", b""], False), ([b"a", b"", b"b"], False)]
)
def test_what_is_cut_off_has_no_end(pieces: list[bytes], is_whole: bool) -> None:
    """The server then ends the connection, and browsers say that it failed."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def given() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    asyncio.run(Copy(given()).stream_response(send))
    assert [message["body"] for message in sent[1:] if message["body"]] == pieces[: 2 if is_whole else 1]
    assert sent[-1]["more_body"] is not is_whole


@pytest.mark.parametrize("answer", [Role.READ_YES, Role.READ_DRAFTS])
def test_a_mirror_shows_what_is_said_and_drafts_if_these_were_allowed(answer: Role, tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        ask(browser, "mirror")
        answering.says(answer)
        assert "Nothing was said since." in browser.client.get("/own").text
        with answering.lock:
            said = answering.kit.speak()
            answering.kit.choose(1)
            draft = answering.kit.state.writing.text
        page = browser.client.get("/own").text
        assert f'<p class="line">{said}</p>' in page
        assert (f'<p class="line about">{draft}</p>' in page) == (answer is Role.READ_DRAFTS)
        with answering.lock:
            answering.kit.choose(MENU)
            answering.kit.role(Role.TOOLS, Role.UNLEARN)
        assert (
            draft
            not in re.sub(r"<p class=\"line\">.*?</p>", "", browser.client.get("/own").text).split("<main")[1]
        )


def test_another_browser_sees_nothing_of_it(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        ask(browser, "log")
        answering.says(Role.READ_YES)
        other = browser.come_in(browser.another())
        assert other.get("/own/said").status_code == 403
        assert 'href="/own/said"' not in other.get("/own").text
        assert browser.client.get("/own/said").status_code == 200


def test_who_reads_no_more_may_not(tmp_path: Path) -> None:
    with core(tmp_path) as (browser, answering):
        ask(browser, "log")
        answering.says(Role.READ_YES)
        assert browser.client.post("/own/stop", data={"csrf": browser.csrf()}).headers["location"] == "/own"
        assert browser.desk.readers() == ([], [])  # nor is core told any more that it is there
        assert browser.client.get("/own/said").status_code == 403
        assert answering.kit.desk.known.grants == ()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_why_it_came_to_nothing_is_said(language: str, tmp_path: Path) -> None:
    with core(tmp_path, language) as (browser, answering):
        say = {"en": ("The wearer said no.", "ask again in a minute"), "ru": ("отказал", "через минуту")}[language]
        ask(browser, "log")
        answering.says(Role.READ_NO)
        assert say[0] in browser.client.get("/own").text
        assert say[1] in ask(browser, "log")


def test_where_core_does_not_answer_the_page_says_so_and_asks_for_nothing_else() -> None:
    browser = Browser()
    browser.come_in()
    found: list[str] = []
    thread = Thread(target=lambda: found.append(browser.client.get("/own").text))
    thread.start()
    wished = []
    while thread.is_alive():
        for wish in browser.desk.wishes():
            wished.append(type(wish.command))
            wish.reply.set_result(None)
        thread.join(0.01)
    assert "The kit does not answer." in found[0]
    assert wished == [m.AskToRead]


@pytest.mark.parametrize("path", ["/own/ask", "/own/stop"])
def test_without_the_session_s_mark_the_wearer_is_asked_nothing(path: str) -> None:
    browser = Browser()
    browser.come_in()
    assert browser.client.post(path, data={"csrf": "x", "what": "log"}).status_code == 403
    assert browser.client.post("/own/ask", data={"csrf": browser.csrf(), "what": "all"}).status_code == 400
    assert browser.another().post(path, data={"what": "log"}).status_code == 303
    assert browser.another().get("/own/live").status_code == 403
    assert browser.desk.wishes() == []
    assert browser.desk.readers() == ([], [])


def test_everything_has_words() -> None:
    assert set(own_texts.ITEMS) == set(Readable)
    assert set(own_texts.ENDS) == set(ReadEnd) - {ReadEnd.NONE}
    assert set(own_texts.REFUSALS) == set(ReadRefusal) - {ReadRefusal.NONE}


def test_a_copy_ends_with_the_session_that_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = m.RecordTold(request="", kit="", rows=(), boot=1, sequence=1, is_end=False)

    async def rows(*_: object) -> m.RecordTold:
        return told

    monkeypatch.setattr(own, "_rows", rows)
    browser = Browser()
    browser.come_in()
    token = browser.client.cookies[COOKIE]
    request = Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={token}".encode())]})

    async def copied() -> list[bytes]:
        pieces = own._pieces(browser.site, request, told, lambda _: iter((b"said",)))
        found = [await anext(pieces), await anext(pieces)]
        browser.desk.leave(token)
        return found + [piece async for piece in pieces]

    assert asyncio.run(copied()) == [b"said", b"said", b""]


# --- the loop's side: who is there --------------------------------------------------------------------------


class Bus:
    """Keeps what core is asked."""

    def __init__(self) -> None:
        self.asks: list[m.AskToRead] = []
        self.taken_back: list[str] = []

    def ask(self, receiver: str, command: m.AskToRead) -> None:
        assert receiver == "core"
        self.asks.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        self.taken_back.append(request)

    def new_request(self) -> str:
        return str(len(self.asks))


def test_core_is_told_who_is_there_and_who_has_left() -> None:
    browser, bus = Browser(), Bus()
    browser.come_in()
    token = browser.client.cookies[COOKIE]
    name = browser.desk.reads(token)
    assert name == sessions.name(token)
    lending = Lending(bus, browser.desk)  # type: ignore[arg-type]
    lending.turn(0)
    lending.turn(AGAIN_NS - 1)
    assert [(each.browser, each.leaves, each.what) for each in bus.asks] == [(name, False, None)]
    assert AGAIN_NS + ANSWERED_NS < LEASE_NS
    lending.answered(m.ReadTold(request="0"))
    assert not lending.is_lent  # the panel's own sign stands there until the wearer has said yes
    lending.turn(AGAIN_NS // 2)
    assert len(bus.asks) == 1  # once a second is enough
    lending.answered(m.ReadTold(request="none of these", grants=(m.ReadGrant(what=Readable.LOG),)))
    assert not lending.is_lent
    lending.turn(AGAIN_NS)
    lending.answered(m.ReadTold(request="1", grants=(m.ReadGrant(what=Readable.LOG),)))
    assert lending.is_lent
    lending.turn(2 * AGAIN_NS)
    assert len(bus.asks) == 3
    browser.clock.turn(sessions.IDLE_NS / seconds(1))
    lending.turn(3 * AGAIN_NS)
    assert (bus.asks[-1].browser, bus.asks[-1].leaves) == (name, True)
    assert not lending.is_lent
    asked = len(bus.asks)
    lending.turn(4 * AGAIN_NS)
    assert len(bus.asks) == asked  # that it has gone is said once


def test_what_core_does_not_answer_is_asked_anew() -> None:
    browser, bus = Browser(), Bus()
    browser.come_in()
    browser.desk.reads(browser.client.cookies[COOKIE])
    lending = Lending(bus, browser.desk)  # type: ignore[arg-type]
    for now_s in range(5):
        lending.turn(seconds(now_s))
    assert (len(bus.asks), bus.taken_back) == (2, ["0"])
