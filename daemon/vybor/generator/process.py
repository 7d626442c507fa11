"""The generator on the bus: answers the newest prompt, then looks ahead, one step of the network at a turn.

Between two steps the loop listens, says how the process fares and feeds the watchdog; a new prompt takes the place
of the work at hand there. The model is loaded beside the loop: a small computer may take seconds to read it.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.foundation import heap
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.loop import run
from vybor.foundation.settings import GeneratorSettings, InterestUse
from vybor.foundation.start import Start
from vybor.generator.candidates import Proposer
from vybor.generator.desk import Answer, Desk, Question
from vybor.generator.framing import FramesDesk, Framing
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.grown.on_trial import Trial
from vybor.generator.grown.parts import Parts, wearers
from vybor.generator.interest.interested import Interested
from vybor.generator.interest.judging import MARK as MOVED_MARK
from vybor.generator.meaning import Meanings
from vybor.generator.network.bundle import BundleError, Mark, mark, open_bundle
from vybor.generator.notes.history import History
from vybor.generator.notes.topical import with_topics
from vybor.generator.notes.topics import Commonness, Topics
from vybor.generator.wardrobe import Wardrobe
from vybor.grown.folder import BOOT_ID, Folder
from vybor.grown.versions import FACTORY
from vybor.retrieval.notes import Note

HEARS = (m.Prompt, m.Ahead, m.Fitted, m.Vitals)
LOOK_AGAIN_NS = seconds(2)
"""How often a bundle that could not be used is looked at; it is opened again when a file of it has changed."""
FAILED_FOR_NS = seconds(30)
"""A model that failed at work is loaded again after so long, changed or not."""
BY_HAND = "frames-by-hand"
"""Where an adapter for sentences from key words may be laid, as one for words beside it."""
LOADING_S, IDLE_S = 0.05, 0.5
SPARING_COUNT = 3
"""Words that are asked of the model where it is to do less."""

log = logging.getLogger("vybor.generator")


class Generator:
    """The room `generator`: a model or the reason why there is none, the topics, and the prompt at hand."""

    def __init__(  # noqa: PLR0913, PLR0917  (the parts of a room)
        self,
        path: Path,
        settings: GeneratorSettings,
        bus: Bus,
        topics: Topics,
        wardrobe: Wardrobe,
        interested: Interested | None = None,
        grown: GrownDesk | None = None,
        framing: Framing | None = None,
    ) -> None:
        self._grown = grown
        self._framing = framing
        if grown and framing:
            framing.stand_beside(grown)
        self._path = path
        self._history = History(bus) if settings.remember else None
        self._topics = topics
        self._wardrobe = wardrobe
        self._interested = interested or Interested(bus, None)
        self._notes: tuple[Note, ...] = ()
        self._settings = settings
        self._bus = bus
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._loading: Future[tuple[Proposer, Meanings | None]] | None = None
        self._tried: Mark | None = None
        self._look_ns = 0
        self._proposer: Proposer | None = None
        self._desk: Desk | None = None
        self._serial = FACTORY
        """Of the whole model that is loaded; FACTORY: the one as it came."""
        self._is_changing = False
        self._failed: BundleError | None = None
        self._prompt: m.Prompt | None = None
        self._is_answered = True
        self._asked_ns = 0
        self._foreseen: tuple[m.Prompt, ...] = ()
        self._ahead: tuple[Question, ...] = ()
        self._thrift = m.Thrift.NOTHING

    def heard(self, heard: Heard, now_ns: int) -> None:
        """Take a prompt that is new, and what may come after it."""
        if isinstance(heard.message, m.Prompt) and heard.message != self._prompt:
            self._prompt = heard.message
            self._is_answered = False
            self._asked_ns = now_ns
            if self._history:
                self._history.heard(heard.message, now_ns)
            self._interested.chose(now_ns)
        if isinstance(heard.message, m.Ahead) and heard.message.prompts != self._foreseen:
            self._foreseen = heard.message.prompts
            self._foresee()
        if isinstance(heard.message, m.Fitted) and self._grown:
            self._grown.fitted(heard.message.fittings)
        if isinstance(heard.message, m.Vitals):
            self._thrift = heard.message.thrift

    def asked(self, asked: Asked, now_ns: int) -> None:
        """Keep, forget and find topic documents; tell of the interest."""
        if isinstance(asked.command, m.CountAnew):
            self._count_anew(asked, now_ns)
        elif not (
            self._topics.asked(asked)
            or self._interested.asked(asked)
            or (self._grown and self._grown.asked(asked, now_ns))
        ):
            reason = "the generator knows prompts, topics, interest and versions of the model only"
            self._bus.answer(asked, m.Refused(request=asked.command.request, reason=reason))

    def _count_anew(self, asked: Asked, now_ns: int) -> None:
        """Rows of the record are gone: what was learned of it is forgotten, and so are answers made with that."""
        self._topics.forget_own()
        self._interested.forget()
        if self._history:
            self._history.forget()
        if self._proposer:
            self._desk = Desk(self._proposer)
        self._notes, self._ahead, self._foreseen = (), (), ()
        self._is_answered = self._prompt is None
        request = asked.command.request
        if self._grown:
            self._grown.forget(asked, now_ns)
        if failed := self._topics.trouble:  # who asked hears this, and passes over what is answered later
            self._bus.answer(asked, m.Refused(request=request, reason=failed.detail))
        elif self._grown is None:
            self._bus.answer(asked, m.Forgotten(request=request, is_stale=False))

    def answered(self, answered: Answered, now_ns: int) -> None:
        """The journal tells what was spoken and taken back, and of choices."""
        if self._history and (told := self._history.answered(answered.reply, now_ns)):
            self._topics.learn(told)
        self._interested.answered(answered.reply, now_ns)
        if self._grown:
            self._grown.answered_by_journal(answered.reply, now_ns)
        if self._framing:
            self._framing.answered_by_journal(answered.reply, now_ns)

    def turn(self, now_ns: int) -> float:
        """Do one step for the topics, and one for the prompt."""
        if self._history:
            self._history.turn(now_ns, self._topics.learned)
        base = self._proposer.base if self._proposer and not self._rests else ""
        if self._grown:
            self._grown.turn(base, now_ns)
            self._make_way(self._grown)
        if self._framing:
            self._framing.turn(base, now_ns)
        has_more = self._topics.turn() | self._interested.turn(now_ns)
        self._ask_again_without_what_is_gone()
        wait_s = self._propose(now_ns)
        return 0.0 if has_more else wait_s

    def _propose(self, now_ns: int) -> float:
        """See to the model, then do one step for the prompt."""
        if self._proposer is None:
            self._see_to_the_model(now_ns)
        if self._proposer is None or self._desk is None:
            return LOADING_S if self._loading else IDLE_S
        try:
            return self._work(self._proposer, self._desk, now_ns)
        except BundleError as error:
            asked_for_sentences = self._prompt is not None and bool(self._prompt.anchors)
            is_framed = asked_for_sentences and self._proposer.frames.is_worn
            if desk := self._framing if is_framed else self._grown:
                desk.model_failed(str(error), now_ns)
            self._fail(error, now_ns + FAILED_FOR_NS, tried=None)
            return 0.0

    def _make_way(self, grown: GrownDesk) -> None:
        """Let go of the model where another one is to be loaded, or where what is tried needs the memory."""
        if not grown.needs_all and (self._loading or grown.model == self._serial):
            return
        if self._proposer:
            log.info("the model makes room: serial=%d", self._serial)
            self._is_changing = True
            self._let_go()
        self._tried, self._look_ns = None, 0

    def _let_go(self) -> None:
        """Nobody holds the model any more, and its memory is the machine's."""
        self._wardrobe.let_go()
        if self._framing:
            self._framing.let_go()
        self._interested.take(None)
        self._proposer = self._desk = None
        heap.give_back()

    def _work(self, proposer: Proposer, desk: Desk, now_ns: int) -> float:
        """See to its adapter, then do one step for the prompt. Raises BundleError where the network fails."""
        if self._rests:
            return IDLE_S
        is_another = self._wardrobe.look(proposer, now_ns)
        is_another |= self._framing is not None and self._framing.look(proposer, now_ns)
        if is_another:  # what it said before it would not say now
            self._desk = desk = Desk(proposer)
            self._is_answered = self._prompt is None
        asked = None if self._is_answered else self._prompt
        question = self._question(asked) if asked else None
        ahead = () if self._thrift >= m.Thrift.CANDIDATES else self._ahead
        if desk.is_idle(question, ahead):
            return IDLE_S
        answer = desk.step(question, ahead)
        if answer and asked:
            self._publish(answer, asked, proposer, now_ns)
        return 0.0

    @property
    def _rests(self) -> bool:
        """Whether the model is asked nothing. Nothing is begun or tried then: what never answers seems to fail."""
        return self._thrift >= m.Thrift.MODEL

    @property
    def _waits(self) -> bool:
        """Whether nothing is to be loaded now. While it rests the model as it came is: nobody judges that one."""
        grown = self._grown
        return grown is not None and (grown.needs_all or (self._rests and grown.model != FACTORY))

    def _question(self, prompt: m.Prompt) -> Question:
        asked = self._interested.asks(prompt)
        if self._thrift >= m.Thrift.CANDIDATES:
            asked = msgspec.structs.replace(asked, count=min(asked.count, SPARING_COUNT))
        return Question.of(asked, self._notes)

    def troubles(self) -> tuple[m.Notice, ...]:
        """Why the model does not answer, or finds no notes."""
        found = [trouble for trouble in (self._topics.trouble, self._wardrobe.trouble) if trouble]
        found += self._grown.troubles() if self._grown else ()
        found += self._framing.troubles() if self._framing else ()
        if self._is_changing:
            found.append(m.Notice(process="generator", trouble=m.Trouble.GROWN_CHANGES))
        if self._rests and not self._failed:
            found.append(m.Notice(process="generator", trouble=m.Trouble.MODEL_RESTS))
        if self._failed:
            found.append(m.Notice(process="generator", trouble=self._failed.trouble, detail=str(self._failed)))
        return tuple(found)

    def ended(self) -> None:
        """The process was asked to end: what is loaded and worn has no part in that."""
        if self._grown:
            self._grown.ended()
        if self._framing:
            self._framing.ended()

    def close(self) -> None:
        """Begin nothing more."""
        self._topics.close()
        self._interested.close()
        if self._grown:
            self._grown.close()
        if self._framing:
            self._framing.close()
        self._beside.shutdown(wait=False, cancel_futures=True)

    def _see_to_the_model(self, now_ns: int) -> None:
        """Load the model when there is one to try, and take it in when it is loaded."""
        if self._loading is None:
            if now_ns >= self._look_ns and not self._waits:
                self._look(now_ns)
        elif self._loading.done():
            loaded, self._loading = self._loading, None
            try:
                self._proposer, meanings = loaded.result()
                self._interested.take(meanings)
                self._desk = Desk(self._proposer)
                heap.give_back()  # what reading it took: 24 MB for the vocabulary alone
                self._failed, self._is_changing = None, False
                self._is_answered = self._prompt is None  # by the model before, perhaps
            except BundleError as error:
                self._not_loaded(error, now_ns)

    def _look(self, now_ns: int) -> None:
        self._look_ns = now_ns + LOOK_AGAIN_NS
        place = self._path
        if self._grown:
            self._serial, place = self._grown.begin_model(now_ns), self._grown.place
        found = mark(place)
        if found != self._tried:
            self._tried = found
            self._loading = self._beside.submit(_load, place, self._settings, self._interested.commonness)

    def _not_loaded(self, error: BundleError, now_ns: int) -> None:
        """A whole model that was sent is taken off; without the model as it came it is waited for that."""
        if self._grown and self._serial:
            self._grown.model_lost(str(error), now_ns)
            self._look_ns, self._tried = now_ns, None
        else:
            self._fail(error, now_ns + LOOK_AGAIN_NS, self._tried)

    def _fail(self, error: BundleError, look_ns: int, tried: Mark | None) -> None:
        self._failed, self._is_changing = error, False
        self._let_go()
        self._tried = tried
        self._look_ns = look_ns

    def _ask_again_without_what_is_gone(self) -> None:
        """A document that came or went while a prompt is at hand changes its answer at once."""
        if self._prompt and self._topics.notes(self._prompt) != self._notes:
            self._notes = self._topics.notes(self._prompt)
            self._is_answered = False
            self._foresee()

    def _foresee(self) -> None:
        """The questions behind the tiles, each with the notes that it would have."""
        self._ahead = tuple(
            Question.of(self._interested.asks(prompt), self._topics.foreseen(prompt)) for prompt in self._foreseen
        )

    def _publish(self, answer: Answer, prompt: m.Prompt, proposer: Proposer, now_ns: int) -> None:
        self._is_answered = True
        for desk in (self._grown, self._framing):
            if desk:  # an answer of either kind tells that what was loaded did not end the process
                desk.answered(now_ns)
        moved, unmoved = self._interested.moved(answer.candidates, prompt)
        self._bus.publish(
            m.Proposals(
                at_ns=now_ns,
                prompt=prompt.number,
                candidates=with_topics(moved, self._notes, prompt),
                model=proposer.identity_for(prompt) + (MOVED_MARK if unmoved else ""),
                took_ms=(now_ns - self._asked_ns) / 1e6,
                was_ahead=answer.was_ahead,
                tokens=answer.tokens,
                tokens_in_all=proposer.tokens_read,
                interest_is_on=self._interested.weight > 0,
                unmoved=with_topics(unmoved, self._notes, prompt) if unmoved else (),
                propensity=self._interested.propensity,
                notes=tuple(dict.fromkeys(note.origin for note in self._notes if note.origin)),
                own_notes=sum(not note.origin for note in self._notes),
                context_tokens=answer.context,
            )
        )


def _load(
    path: Path, settings: GeneratorSettings, commonness: Commonness | None
) -> tuple[Proposer, Meanings | None]:
    """The model, and what words mean to it where that is wanted: without, it writes all the same."""
    proposer = Proposer(open_bundle(path), settings.threads, settings.provider, settings.style)
    if commonness is None:
        return proposer, None
    try:
        return proposer, proposer.meanings(commonness)
    except BundleError as error:
        log.warning("no interest: %s", error)
        return proposer, None


def main(start: Start) -> None:
    """Run the generator until it is asked to end."""
    bus = Bus("generator", start.places.runtime, start.clock, HEARS)
    settings = start.settings.generator
    topics = Topics(start.places.topics, bus, start.places.words, start.key)
    folder = Folder(start.places.grown)
    trial = Trial(settings.trial_choices, settings.trial_starts)
    boot = BOOT_ID.read_text(encoding="ascii").strip()
    places, language = start.places, start.settings.language
    commonness = Commonness(places.words) if settings.interest is InterestUse.AUTO else None
    interested = Interested(bus, commonness)
    wear, wants_signs = wearers(interested, bus, start.clock), start.settings.headband.learned
    parts = Parts(wear, folder, bus, trial, boot, wants_signs=wants_signs)
    grown = GrownDesk(bus, folder, places.arrived, trial, boot, places.model, parts, language)
    wardrobe = Wardrobe(start.places.state, grown)
    grown.by_hand = wardrobe.by_hand
    if not settings.remember:
        topics.forget_own()
    framing = Framing(
        FramesDesk(bus, Folder(places.frames), places.arrived, trial, boot, places.model), places.state / BY_HAND
    )
    room = Generator(places.model, settings, bus, topics, wardrobe, interested, grown, framing)
    run(room, bus, start.clock, start.heart, room.ended)
