"""What was spoken is learned at once: the record's sentences, counted into the person's own file.

There is one way in: the journal tells what was spoken after the decision that was counted last, and the counts
and the new mark are written together. So nothing is counted twice or left out, whatever ends in between. A file
that is found damaged, at the start or later, is begun anew and counted again; until then nothing is known of the
person. What no check finds is a number or a letter that rotted into another one: that stays.

Counting happens beside the loop: a slow disk delays no choice. So does looking at every page at the start, and the
sweep that leaves no byte of what was taken back; the file remembers that it owes one until it is done. And so does
pruning (pruning.py), some rows at a time, where the workstation has found out that this person's may be.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.numbers import CountsNumbers
from vybor.core.words.pruning import Pruned, Pruning, Step
from vybor.foundation import keys, small_files
from vybor.foundation.bus import Bus
from vybor.foundation.clock import seconds
from vybor.foundation.database import PARTS, Error, OperationalError
from vybor.foundation.keys import Key
from vybor.foundation.question import Question
from vybor.instant.counts import Change, CountsFile, Mark, is_damage
from vybor.instant.personal import USUAL, Personal

ASK_AGAIN_NS = seconds(5)
"""After a refusal, an answer that never came, or an error of the disk."""

log = logging.getLogger("vybor.core")


class Counted(msgspec.Struct, frozen=True):
    """How far the record is counted."""

    mark: Mark
    unswept: str = ""
    """Why bytes of what was taken back may still be in the file."""
    pruned: Pruned | None = None
    """What was let go, if that was looked for."""


class Learning:
    """The person's counts: one connection that the offers read, and one beside the loop that writes."""

    def __init__(self, path: Path, bus: Bus, key: Key = keys.NONE) -> None:
        self._path = path
        self._key = key
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._writing: CountsFile | None = None
        self.personal = Personal()
        """What offers are made from; nothing is known where the file cannot be opened."""
        self.revision = 0
        """Rises whenever offers are made from other counts than before."""
        self._mark = Mark()
        self.trouble = ""
        """Why what was spoken is not learned or not forgotten yet; empty while all is well."""
        self._counting: Future[Counted] | None = None
        self._question = Question(bus, "journal")
        self._ask_ns = 0
        self._is_behind = True
        """Whether the record may hold more than was counted."""
        self._sweep_ns: int | None = None
        """When to sweep again what could not be swept."""
        self.is_to_forget = False
        """Whether the file, and those of other languages, are still to be removed and counted anew."""
        self._numbers = USUAL
        self._pruning = Pruning()
        self.phrases: Callable[[], Sequence[str]] = tuple
        """Those that the person keeps: nothing of them is pruned."""
        self._open()

    def spoke(self) -> None:
        """Something was spoken or taken back, and the record has it."""
        self._is_behind = True

    def wear(self, numbers: CountsNumbers) -> None:
        """Weigh and keep counts so from now on; what was let go by stricter numbers is counted again."""
        self._numbers = self.personal.numbers = numbers
        self._pruning.wear(numbers)

    def forget(self) -> None:
        """Rows of the record are gone: nothing that was counted before stays."""
        self.is_to_forget = True

    def answered(self, reply: m.AnyReply) -> bool:
        """Take in the journal's sentences; False if this answers something else."""
        if not self._question.is_answered_by(reply):
            return False
        if isinstance(reply, m.Sentences) and self._writing:
            self._pruning.counted(len(reply.sentences))
            self._is_behind = reply.more
            self._ask_ns = 0
            self._counting = self._beside.submit(_count, self._writing, reply)
        return True

    def turn(self, now_ns: int) -> None:
        """Take in what was counted; mend the file, sweep it, or ask for more, if that is due."""
        if self._counting:
            if self._counting.done():
                self._finish(self._counting, now_ns)
        elif self.is_to_forget:
            self._begin_anew()
        elif now_ns < self._ask_ns:
            return
        elif self.personal.trouble:
            trouble = self.personal.trouble
            self._ask_ns = now_ns + ASK_AGAIN_NS
            self._open(damage=trouble if is_damage(trouble) else None)
        elif self._writing is None:
            self._ask_ns = now_ns + ASK_AGAIN_NS
            self._open()
        elif self._sweep_ns is not None and now_ns >= self._sweep_ns and not self._question.is_open:
            self._sweep_ns = None
            self._counting = self._beside.submit(_swept, self._writing, self._mark)
        elif self._is_behind or self._question.is_open:
            self._ask(now_ns)
        else:
            self._prune(self._writing, now_ns)

    def _prune(self, writing: CountsFile, now_ns: int) -> None:
        """Let go of some more, if that is due; count all of it again if less is to be let go than was."""
        if self._pruning.is_too_bare:
            self._open(again="what was pruned is wanted again")
        elif self._pruning.is_due(now_ns):
            step = self._pruning.step(self.phrases())
            self._counting = self._beside.submit(_pruned, writing, self._mark, step)

    def close(self) -> None:
        """Finish what is being counted, and let go of the file."""
        self._beside.shutdown()
        self.personal.file.close()
        if self._writing:
            self._writing.close()

    def _ask(self, now_ns: int) -> None:
        session, number = self._mark.session, self._mark.number
        self._question.ask(lambda request: m.TellSentences(request=request, session=session, number=number))
        self._ask_ns = now_ns + ASK_AGAIN_NS

    def _finish(self, counting: "Future[Counted]", now_ns: int) -> None:
        """Take in what was counted, or why it was not."""
        self._counting = None
        try:
            counted = counting.result()
        except Error as error:
            self._is_behind = True
            self._ask_ns = now_ns + ASK_AGAIN_NS  # a disk that spoils every file is not kept busy with new ones
            if is_damage(error):
                self._open(damage=error)
            else:
                self._say(str(error))
            return
        self._mark = counted.mark
        self._pruning.stepped(counted.pruned, now_ns)
        self._sweep_ns = now_ns + ASK_AGAIN_NS if counted.unswept else None
        self._say(counted.unswept)
        if self._writing:
            self.personal.take_over(self._writing)
        self.revision += 1

    def _say(self, trouble: str) -> None:
        """Say it once, in the log and to the person; empty: all is well again."""
        if trouble and trouble != self.trouble:
            log.warning("not learned or not forgotten yet: %s: %s", self._path, trouble)
        self.trouble = trouble

    # --- the file ---------------------------------------------------------------------------------------

    def _open(self, damage: Error | None = None, again: str = "") -> None:
        """Open the file, begun anew if it is damaged, or if that is wanted: the record has all that was in it.

        Where nothing can be kept, writing goes on without.
        """
        self._let_go()
        try:
            if damage or again:
                self._remove(again or str(damage))
            self._open_as_it_is()
        except (OSError, Error) as error:
            self._let_go()
            if isinstance(error, Error) and is_damage(error) and not damage:
                self._open(damage=error)
            else:
                self._say(str(error))

    def _open_as_it_is(self) -> None:
        self._writing = CountsFile(self._path, self._key)
        self.personal = Personal(CountsFile(self._path, self._key), self._numbers)
        self._mark = self._writing.mark
        self._pruning.opened(self._writing.pruned)
        self._counting = self._beside.submit(_looked_over, self._writing)

    def _begin_anew(self) -> None:
        """Remove every file of counts, whatever its language, and count the record again."""
        self._let_go()
        self._mark, self._is_behind, self._ask_ns, self._sweep_ns = Mark(), True, 0, None
        try:
            beginning = self._path.stem.rpartition("-")[0]
            small_files.remove(*self._path.parent.glob(f"{beginning}*{self._path.suffix}*"))
            self.is_to_forget = False
            self._open_as_it_is()
        except (OSError, Error) as error:
            self._let_go()
            self._say(str(error))

    def _let_go(self) -> None:
        """Of the file, and of an answer that goes on from its mark."""
        self._question.take_back()
        self.personal.file.close()
        self.personal = Personal()
        self.revision += 1
        if self._writing:
            self._writing.close()
        self._writing = None

    def _remove(self, reason: str) -> None:
        log.warning("own words are counted anew: %s: %s", self._path, reason)
        self._mark = Mark()
        self._is_behind = True
        for ending in PARTS:
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


def _looked_over(file: CountsFile) -> Counted:
    """What is done at the start: every page looked at, and swept what a sudden end left behind."""
    file.check()
    return _swept(file, file.mark)


def _count(file: CountsFile, told: m.Sentences) -> Counted:
    """Count sentences in and out, with the mark that says how far."""
    if told.anew:
        file.forget_all()
    mark = Mark(told.session, told.number)
    file.change((Change(one.text, one.spoken) for one in told.sentences), mark)
    return _swept(file, mark)


def _pruned(file: CountsFile, mark: Mark, step: Step) -> Counted:
    """Let go of some rows. The file is written anew when that is done, not after each step."""
    pruned = step.taken(file)
    if pruned.goes_on:
        file.read_ahead()
        return Counted(mark, pruned=pruned)
    return msgspec.structs.replace(_swept(file, mark), pruned=pruned)


def _swept(file: CountsFile, mark: Mark) -> Counted:
    """Sweep if that is due. Where the disk does not let it, that is no reason to count again: the mark stands."""
    try:
        swept = not file.owes_sweep or file.compact()
        file.read_ahead()  # here, so that no offer waits for it
    except OperationalError as error:
        return Counted(mark, str(error))
    return Counted(mark, "" if swept else "somebody else reads the file")
