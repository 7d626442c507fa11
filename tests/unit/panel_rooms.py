"""A browser before the pages, with rooms behind the desk that answer as the kit's do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from unit.panel_browser import Browser
from unit.test_own_phrases import opened
from vybor.contracts import messages as m
from vybor.core.words.given_words import WordBook
from vybor.core.words.phrase_book import PhraseBook
from vybor.retrieval.index import Index

NAMELESS = "a carer's page asks for nothing else"


class Rooms:
    """The real phrase book and the real index, without their processes."""

    def __init__(self, folder: Path) -> None:
        self.book: PhraseBook = opened(folder)
        self.words = WordBook(folder / "phrases-words-en.txt")
        self._place = folder / "topics.sqlite"
        self.asked: list[m.AnyCommand] = []
        self.silent: tuple[type[m.Command], ...] = ()
        """What nobody answers."""
        self.refuses: tuple[type[m.Command], ...] = ()
        self.refused_name = ""
        """What is refused, of this name or of any."""

    def answer(self, receiver: str, command: m.AnyCommand) -> m.AnyReply | None:
        """As the process of this name would."""
        self.asked.append(command)
        if isinstance(command, self.silent):
            return None
        if isinstance(command, self.refuses) and self.refused_name in ("", getattr(command, "name", "")):
            return m.Refused(request=command.request, reason="the disk is full")
        if receiver == "core":
            return self.book.asked(command, 0) or self.words.asked(command, 0)
        index = Index(self._place)
        try:
            return _of_index(index, command)
        finally:
            index.close()


def _of_index(index: Index, command: m.AnyCommand) -> m.AnyReply:
    match command:
        case m.AddTopic(request=request, name=name, passages=passages):
            index.add(name, passages)
            return m.Done(request=request)
        case m.RemoveTopic(request=request, name=name):
            return (
                m.Done(request=request) if index.remove(name) else m.Refused(request=request, reason="not there")
            )
        case m.TellTopic(request=request, name=name):
            return m.TopicTold(request=request, name=name, passages=index.passages(name))
        case m.ListTopics(request=request):
            return m.Topics(request=request, topics=index.listed())
        case other:
            raise AssertionError(f"{NAMELESS}: {other}")


@contextmanager
def inside(folder: Path, language: str = "en") -> Iterator[tuple[Browser, Rooms]]:
    """A browser that came in, and what answers it."""
    browser, rooms, over = Browser(language), Rooms(folder), Event()
    browser.site.uploads = folder

    def loop() -> None:
        while not over.wait(0.005):
            for wish in browser.desk.wishes():
                wish.reply.set_result(rooms.answer(wish.receiver, wish.command))

    turning = Thread(target=loop)
    turning.start()
    try:
        browser.come_in()
        yield browser, rooms
    finally:
        over.set()
        turning.join()


def post(browser: Browser, path: str, **fields: str) -> str:
    """A form of the page's own, sent; the page that comes."""
    reply = browser.client.post(path, data={"csrf": browser.csrf(), **fields})
    assert reply.status_code == 200, reply.text
    return reply.text
