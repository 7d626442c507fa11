"""The generator's notes, of topic documents and of what the person said before: it alone writes their file.

Others ask it over the bus (deploy/decisions/0011); what was said is told by the record (0018).

Work on the file goes in steps, as that of the network does, so that a long document holds up words for moments
only. A step is 25 ms at most, but for two: writing down the longest document (4,000 passages) takes 0.1 s, and
sweeping out what was removed or taken back 0.3 s where the file has 28 MB (on a desktop; a small board is slower).
"""

import logging
from collections import deque
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import keys
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.keys import Key
from vybor.instant.tokens import fold
from vybor.instant.word_list import WordFile, WordListError
from vybor.retrieval.embedding import Embedder, Floats, embedder, nearest, packed
from vybor.retrieval.fusion import fused
from vybor.retrieval.index import Found, Index, Kind
from vybor.retrieval.notes import Answer, Note, Query, boundary, is_enough, notes_for, query_of, share
from vybor.retrieval.schema import TopicsError
from vybor.retrieval.stems import language_of

log = logging.getLogger("vybor.generator")

CACHE_KIB = 64
"""Of a word list, which the system caches anyway: SQLite's usual 2 MB filled within an hour and were no faster."""
RANKED = 10
"""Passages of each ranking that are looked at."""

ABOUT = (m.AddTopic, m.RemoveTopic, m.TellTopic, m.ListTopics, m.SearchTopics)
Job = Generator[None, None, m.AnyReply]
Learning = Generator[None, None, None]


class Held(msgspec.Struct, frozen=True):
    """The notes of the sentence at hand: once there are some, they stay until it ends or the index changes."""

    begun: str = ""
    """The text before that sentence."""
    partner: str = ""
    language: str = ""
    revision: int = -1
    notes: tuple[Note, ...] = ()
    text: str = ""
    """What was written when they were last asked for."""


class Commonness:
    """How common a word is, by the word lists of the instant tier; without one, every word is rare."""

    def __init__(self, lists: Callable[[str], Path]) -> None:
        self._lists = lists
        self._open: dict[str, WordFile | None] = {}

    def __call__(self, word: str) -> float:
        """The word's share of all words of its language."""
        language = language_of(word)
        try:
            if language not in self._open:
                self._open[language] = None
                self._open[language] = WordFile(self._lists(language), CACHE_KIB)
            file = self._open[language]
            known = file.word(fold(word)) if file else None
        except WordListError:  # the deciding process says so: its words come from the same file
            return 0.0
        return known.p if known else 0.0

    def close(self) -> None:
        """Let go of the lists."""
        for file in self._open.values():
            if file:
                file.close()


class Topics:
    """The index, or the reason why there is none; and what was asked of it."""

    def __init__(self, path: Path, bus: Bus, lists: Callable[[str], Path], key: Key = keys.NONE) -> None:
        self._path = path
        self._key = key
        self._commonness = Commonness(lists)
        self._bus = bus
        self._jobs: deque[tuple[Asked, Job]] = deque()
        self._learning: Learning | None = None
        self._held = Held()
        self._index: Index | None = None
        self._embedder: Embedder | None = None
        self._looked_for_embedder = False
        self.trouble: m.Notice | None = None
        self._open()

    @property
    def revision(self) -> int:
        """Rises when notes that were found may be gone."""
        return self._index.revision if self._index else 0

    def asked(self, asked: Asked) -> bool:
        """Take a command about topics; False if it is about something else."""
        if not isinstance(asked.command, ABOUT):
            return False
        self._jobs.append((asked, self._job(asked.command)))
        return True

    def turn(self) -> bool:
        """One step of what is to do; False: nothing is."""
        if self._learning:
            self._learn_on(self._learning)
            return True
        if not self._jobs:
            return self._reckon()
        asked, job = self._jobs[0]
        if reply := self._step(job, asked.command.request):
            self._jobs.popleft()
            self._bus.answer(asked, reply)
        return True

    @property
    def learned(self) -> tuple[str, int] | None:
        """How far the record was learned; None while that cannot be told, or it is being learned."""
        if self._index is None or self._learning:
            return None
        try:
            return self._index.learned
        except TopicsError as error:
            self._fail(error)
            return None

    def learn(self, told: m.Sentences) -> None:
        """Keep what was spoken and forget what was taken back, in the next turns."""
        if self._index:
            self._learning = self._index.following(told)

    def forget_own(self) -> None:
        """Forget all that the person said: it is not to be used any more, or is gone from the record."""
        self._learning, self._held = None, Held()
        try:
            if self._index:
                self._index.forget_own()
                self.trouble = None
        except TopicsError as error:
            self._fail(error)

    def notes(self, prompt: m.Prompt) -> tuple[Note, ...]:
        """What the model is told beside the text: changes where a sentence ends, or where it had no note yet."""
        self._held = self._noted(prompt)
        return self._held.notes

    def foreseen(self, prompt: m.Prompt) -> tuple[Note, ...]:
        """What it would be told if this came next."""
        return self._noted(prompt).notes

    def _noted(self, prompt: m.Prompt) -> Held:
        begun, held = prompt.text[: boundary(prompt.text)], self._held
        here = (begun, prompt.partner, prompt.language, self.revision)
        same = (held.begun, held.partner, held.language, held.revision) == here
        if same and held.text == prompt.text:
            return held
        found = held.notes if same and prompt.text.startswith(held.text) else ()  # an undo looks anew
        kinds = tuple(Kind) if prompt.text.strip() else (Kind.TOPIC,)  # others read along on an empty line
        query = query_of(prompt.text, prompt.partner, self._commonness)
        found = found or self._found(query, prompt.language, kinds)
        return Held(*here, found, prompt.text)

    def close(self) -> None:
        """Let go of the file."""
        self._commonness.close()
        if self._index:
            self._index.close()

    def _learn_on(self, learning: Learning) -> None:
        """One step of learning."""
        try:
            next(learning)
        except StopIteration:
            self._learning = None
        except TopicsError as error:
            self._learning = None
            self._fail(error)

    # --- commands ---------------------------------------------------------------------------------------

    def _step(self, job: Job, request: str) -> m.AnyReply | None:
        """One step of a command; its answer after the last."""
        try:
            next(job)
        except StopIteration as finished:
            self.trouble = None
            reply: m.AnyReply = finished.value
            return reply
        except TopicsError as error:
            self._fail(error)
            return m.Refused(request=request, reason=str(error))
        return None

    def _job(self, command: m.AnyCommand) -> Job:
        """What a command asks for, in steps; its answer is what the last one returns."""
        index = self._index or self._open() or Index(self._path, self._key)
        match command:
            case m.AddTopic(request=request, name=name, passages=passages):
                yield from index.adding(name, passages)
                log.info("topic document kept: passages=%d", len(passages))
                return m.Done(request=request)
            case m.RemoveTopic(request=request, name=name):
                if index.remove(name):
                    log.info("topic document removed")
                    return m.Done(request=request)
                there = ", ".join(topic.name for topic in index.listed()) or "none at all"
                return m.Refused(request=request, reason=f"there is no document {name}; there are: {there}")
            case m.TellTopic(request=request, name=name):
                return m.TopicTold(request=request, name=name, passages=index.passages(name))
            case m.SearchTopics(request=request, text=text, count=count):
                return m.FoundNotes(request=request, found=self._searched(index, text, count))
            case other:
                return m.Topics(request=other.request, topics=index.listed())

    def _searched(self, index: Index, text: str, count: int) -> tuple[m.FoundNote, ...]:
        """Documents only: what the person wrote is theirs."""
        query, language = query_of(text, commonness=self._commonness), language_of(text)
        spread, size = index.spread(query.weights), index.size
        found: list[m.FoundNote] = []
        for answer in self._ranked(index, query, language, (Kind.TOPIC,))[:count]:
            passage = m.Passage(text=answer.text, place=answer.place)
            scored = share(query, answer.text, spread, size)
            used = is_enough(query, answer, scored, spread, size)
            found.append(m.FoundNote(topic=answer.name, passage=passage, score=scored, is_used=used))
        return tuple(found)

    # --- finding ----------------------------------------------------------------------------------------

    def _found(self, query: Query, language: str, kinds: Sequence[Kind]) -> tuple[Note, ...]:
        if self._index is None or not query.weights:
            return ()
        try:
            ranked = self._ranked(self._index, query, language, kinds)
            found = notes_for(query, ranked, self._index.spread(query.weights), self._index.size)
        except TopicsError as error:
            self._fail(error)
            return ()
        self.trouble = None  # it may have been a full disk, which keeps nothing from being read
        return found

    def _ranked(self, index: Index, query: Query, language: str, kinds: Sequence[Kind]) -> list[Answer]:
        """Passages by stems and, where that is reckoned, by meaning, fused."""
        by_stems = index.search(query.weights, language, RANKED, kinds)
        likeness: dict[int, float] = {}
        if self._embedder and (kept := index.vectors(language, kinds)):
            likeness = dict(nearest(self._embedder.query(query.text), kept, RANKED))
        order = fused([[found.id for found in by_stems], list(likeness)])
        return [_answer(found, likeness.get(found.id, 0.0)) for found in index.at(order)]

    def _reckon(self) -> bool:
        """Reckon the meaning of one passage, if it can be; False: there is none left."""
        if self._index is None or self.trouble:
            return False
        try:
            waiting = self._index.without_vector(1) if self._may_embed() else []
            if not waiting or self._embedder is None:
                return False
            vectors: Floats = self._embedder.passage([text for _, text in waiting])
            self._index.keep_vectors((waiting[0][0], vector) for vector in packed(vectors))
        except TopicsError as error:
            self._fail(error)
        return True

    def _may_embed(self) -> bool:
        if not self._looked_for_embedder and self._index and self._index.size:
            self._looked_for_embedder = True
            self._embedder = embedder()
        return self._embedder is not None

    # --- the file ---------------------------------------------------------------------------------------

    def _open(self) -> Index | None:
        try:
            self._index = Index(self._path, self._key)
        except TopicsError as error:
            self._fail(error)
        return self._index

    def _fail(self, error: TopicsError) -> None:
        self.trouble = m.Notice(process="generator", trouble=m.Trouble.TOPICS_FAILED, detail=str(error))


def _answer(found: Found, likeness: float) -> Answer:
    origin = found.name if found.kind is Kind.TOPIC else ""
    return Answer(name=origin, text=found.text, place=found.place, likeness=likeness)
