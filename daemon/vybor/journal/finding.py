"""What is to be deleted, found step by step, so that choices are kept meanwhile: rows, and words that they left.

First every row is read, to know which belong together. Then those that stay are looked through for what stood in
what goes and nowhere else: a name that was said once is offered later, and stands there on tiles. Where it was
written in another sentence and taken back there, the rows between go too: that sentence goes on without them.
"""

from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.journal.store import DECISION, STAYING, UTTERANCE, Store
from vybor.segments.rows import Deletion, Span, merged
from vybor.utterances.belonging import Belonging, Place, Sentences, Speaking
from vybor.utterances.hiding import Hidden, hidden, hiding, saying_nothing, wrote

ROWS_AT_A_TIME = 50
"""Some 10 ms on a small board."""
NOTHING = Hidden(frozenset(), {})
UTC_ENDS = "+00:00"

_decision = msgspec.msgpack.Decoder(m.Decision)
_encode = msgspec.msgpack.Encoder().encode


class Plan(msgspec.Struct, frozen=True):
    """What would be done."""

    deletion: Deletion
    rows: int
    sentences: int
    texts: tuple[str, ...]
    name: Speaking | None = None
    """If it is one sentence: the decision that spoke it."""
    changed: Iterable[tuple[Place, bytes]] = ()
    """Rows that stay, without what they showed of it: each is made when it is asked for."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        return not self.deletion.spans


def plan_of(done: Deletion) -> Plan:
    """What was done already: of what went nobody knows more than its places."""
    rows = sum(span.last - span.first + 1 for span in done.spans)
    return Plan(deletion=done, rows=rows, sentences=0, texts=())


class Changed:
    """Rows that stay, without some of what they show. They may be many, so they are read and made one by one."""

    def __init__(
        self, store: Store, spans: tuple[Span, ...], gone: Hidden, others: Iterable[tuple[Place, bytes]] = ()
    ) -> None:
        """`others`: rows that are made already."""
        self._others = tuple(others)
        self._store = store
        self._spans = spans
        self._gone = gone

    def __iter__(self) -> Iterator[tuple[Place, bytes]]:
        """Their places, and the rows."""
        for boot, first in ((span.boot, at) for span in self._spans for at in range(span.first, span.last + 1)):
            (row,) = self._store.rows((boot, first - 1), 1)
            if fresh := _changed(row, self._gone):
                yield (boot, first), fresh
        yield from self._others


class Left:
    """What is to go as far as other rows have it, taken in in their order."""

    def __init__(self, gone: Hidden) -> None:
        self._gone = gone
        self.showed = Belonging()
        """Rows that showed it beside their own text."""
        self.detours = Belonging()
        """Rows in whose own text it was, until it was taken back; their texts, too."""
        self.private: list[tuple[Place, bytes]] = []
        """Rows among those that say what must not be learned stay, with the text from which it went astray."""
        self._begin: str | None = None

    def take(self, place: Place, decision: m.Decision) -> None:
        """The next row that stays."""
        if not wrote(decision, self._gone):
            self._begin = None
            if hiding(decision, self._gone) is not decision:
                self.showed.take(place)
            return
        if self._begin is None:
            self._begin = "" if self._gone.is_in(decision.text_before) else decision.text_before
        self.detours.texts += filter(self._gone.is_in, (decision.text_before, decision.text_after))
        if decision.action is m.Action.PRIVACY and not decision.learn:
            self.private.append((place, _encode(saying_nothing(decision, self._begin))))
        else:
            self.detours.take(place)


class Search:
    """The rows as far as they were read."""

    def __init__(self, store: Store, wish: m.Erase, today: date) -> None:
        self._store = store
        self._epoch = store.epoch
        self._wish = wish
        self._today = today
        self._day = day_of(wish, today)
        self._sentences = Sentences()
        self._end: Place = (0, 0)
        self._touched: list[Belonging] = []
        """Sentences with a row of that day…"""
        self._alone = Belonging()
        """…and all rows of it."""

    def goes_on(self, store: Store, wish: m.Erase) -> bool:
        """Whether it serves this wish too: nothing was deleted since, and what was read need not be read again."""
        is_same_day = day_of(wish, self._today) == self._day
        is_same_record = (store, store.epoch) == (self._store, self._epoch)
        serves = is_same_day and is_same_record and Scope.EVERYTHING not in (wish.scope, self._wish.scope)
        if serves:
            self._wish = wish
        return serves

    def plan(self) -> Generator[None, None, Plan]:
        """Find it; rows that are written meanwhile are taken in before the end."""
        while True:
            yield from self._read()
            chosen = self._chosen()
            spans = merged(span for one in chosen for span in one.spans)
            is_whole = self._wish.only_find or self._wish.scope is Scope.EVERYTHING
            gone = NOTHING if is_whole else self._hidden(chosen)
            left = yield from self._without(gone, spans)
            spans, offers = merged((*spans, *left.detours.spans)), tuple(left.showed.spans)
            if self._store.newest == self._end:
                break
        texts = dict.fromkeys(text for one in (*chosen, left.detours) for text in one.all_texts())
        spoken = chosen[0].spoken if len(chosen) == 1 else ()
        return Plan(
            deletion=Deletion(spans, offers),
            rows=plan_of(Deletion(spans)).rows,
            sentences=sum(len(one.spoken) for one in chosen),
            texts=tuple(texts),
            name=spoken[-1] if spoken else None,
            changed=Changed(self._store, offers, gone, left.private),
        )

    def _read(self) -> Generator[None, None, None]:
        while page := self._store.rows(self._end, ROWS_AT_A_TIME):
            for row in page:
                self._take(row)
            self._end = (page[-1].boot, page[-1].sequence)
            yield

    def _take(self, row: m.KeptRow) -> None:
        place = row.boot, row.sequence
        if row.kind in STAYING:
            return
        in_day = self._wish.scope is Scope.EVERYTHING or self._day[0] <= in_utc(row.at) < self._day[1]
        if in_day:
            self._alone.take(place)
        sentence: Belonging | None = None
        if row.kind == UTTERANCE:
            sentence = self._sentences.beside(place)
        elif decision := read(row):
            sentence = self._sentences.tell(decision, place)
        if in_day and sentence and (not self._touched or self._touched[-1] is not sentence):
            self._touched.append(sentence)

    def _chosen(self) -> list[Belonging]:
        match self._wish.scope:
            case Scope.LAST:
                last = self._sentences.last_spoken()
                return [last] if last else []
            case Scope.UTTERANCE:
                named = self._sentences.spoken_by(self._wish.session, self._wish.number)
                return [named] if named else []
        once = {id(one): one for one in self._touched}
        return [*once.values(), self._alone]

    def _hidden(self, chosen: Iterable[Belonging]) -> Hidden:
        """What of that which goes stands in nothing that stays."""
        ids = {id(one) for one in chosen}
        stays = [one for one in self._sentences.all if id(one) not in ids]
        words = {word for one in chosen for word in one.words()}
        for one in stays:
            if words:
                words -= one.words()
        texts = (text for one in chosen for text in one.all_texts())
        return hidden(texts, (text for one in stays for text in one.all_texts()), frozenset(words))

    def _without(self, gone: Hidden, spans: tuple[Span, ...]) -> Generator[None, None, Left]:
        """What it left in rows that stay: before it was said, too, if it was a phrase that is kept."""
        left = Left(gone)
        if gone.is_empty or not spans:
            return left
        after, deletion = (0, 0), Deletion(spans)
        while page := self._store.rows(after, ROWS_AT_A_TIME):
            for row in page:
                stays = row.kind == DECISION and not deletion.covers(row.boot, row.sequence)
                if stays and (decision := read(row)):
                    left.take((row.boot, row.sequence), decision)
            after = (page[-1].boot, page[-1].sequence)
            if after < self._store.newest:
                yield
        return left


def _changed(row: m.KeptRow, gone: Hidden) -> bytes:
    """The row without what is to go; empty if none of it stands there."""
    decision = read(row)
    fresh = hiding(decision, gone) if decision else None
    return _encode(fresh) if fresh and fresh is not decision else b""


def read(row: m.KeptRow) -> m.Decision | None:
    """The decision of a row; None where a newer kit wrote it."""
    try:
        return _decision.decode(row.record)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def day_of(wish: m.Erase, today: date) -> tuple[str, str]:
    """When the day that is meant begins and ends; nothing lies between where none is.

    Raises ValueError for what is no date.
    """
    match wish.scope:
        case Scope.TODAY:
            return bounds(date.fromisoformat(wish.day) if wish.day else today)
        case Scope.DAY:
            return bounds(date.fromisoformat(wish.day))
    return "", ""


def bounds(day: date) -> tuple[str, str]:
    """The first moment of a day of the kit's calendar and that of the next, in UTC.

    Raises ValueError for days at the ends of the calendar.
    """
    try:
        begins = (datetime(one.year, one.month, one.day).astimezone() for one in (day, day + timedelta(days=1)))
        told = [begin.astimezone(UTC).isoformat(timespec="seconds") for begin in begins]
    except (OverflowError, OSError) as error:
        raise ValueError(f"{day} is at the end of the calendar") from error
    return told[0], told[1]


def in_utc(at: str) -> str:
    """The time of a row, which has the zone of the kit at that moment, in UTC; what is none stays as it is."""
    if at.endswith(UTC_ENDS):
        return at
    try:
        return datetime.fromisoformat(at).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return at
