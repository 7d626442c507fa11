"""Seals rows into segments for the workstation, and prunes those that it has.

Nothing is sealed before a workstation is paired and the wearer has agreed on the screen. Once they have taken that
back, deletions alone are: no text stands in them, and the workstation has what they name. What may not be learned
from (`learn` is false) stays on the kit, whatever is agreed; since that is said of a whole text, one that is at
hand is sealed once it ends. First the file is on the disk, then the journal says so: whatever is cut off between,
the rows are sealed once more, and the ingest knows them by their place.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PublicKey
from nacl.signing import SigningKey, VerifyKey

from vybor.foundation.clock import seconds
from vybor.foundation.database import Error
from vybor.journal.leaving import Kept, Leaving, Paired, Place, Written
from vybor.journal.outbox import Outbox
from vybor.segments import receipt
from vybor.segments.rows import Kind, Row, Span, written
from vybor.segments.segment import Segment, sealed

log = logging.getLogger("vybor.journal")

ROWS = 200
"""As many rows are sealed at once: some 60 kB of segment, and a few milliseconds of work."""
LOOKED_AT = 5 * ROWS
"""So many rows are looked at to tell how many wait; of more it is told how many there are at most."""
QUIET_NS = seconds(60)
"""After the last decision: then fewer are sealed, too."""
TRY_AGAIN_NS = seconds(10)


class _Record(msgspec.Struct):
    """What of a record says whether it stays here."""

    learn: object = True


_stays = msgspec.msgpack.Decoder(_Record)
_map = msgspec.msgpack.Decoder(dict[str, object])
_json = msgspec.json.Encoder().encode


class Sealing:
    """What leaves the open journal."""

    def __init__(
        self,
        leaving: Leaving,
        outbox: Outbox,
        kit: str,
        begin: Callable[[], tuple[int, int] | None],
        rows: int = ROWS,
    ) -> None:
        """`begin`: where the text at hand begins, if there is any."""
        self.leaving = leaving
        self._begin = begin
        self._outbox = outbox
        self._rows = rows
        self.kit = kit
        self._signing = SigningKey(leaving.signing_key())
        self._kept_ns = 0
        self._is_asked = False
        self.is_tidy = False
        self._is_looked_at = False
        """Whether each file was read since the start: a disk may have changed one."""
        self._may_be_untold = True
        """Whether there may be a deletion of which the workstation has not been told."""
        self._try_ns = 0
        self.trouble = ""

    @property
    def verifies_with(self) -> str:
        """The key that this kit's signatures are checked with, in hex."""
        return bytes(self._signing.verify_key).hex()

    def kept(self, now_ns: int) -> None:
        """A row was written."""
        self._kept_ns = now_ns

    def ask(self) -> None:
        """Seal what there is, however little."""
        self._is_asked = True

    def tidy(self) -> None:
        """The folder is to hold exactly what the journal says; `turn` sees to it."""
        self.is_tidy = False
        self._may_be_untold = True

    def tidy_now(self) -> None:
        """At once: what is taken back is not to be fetched meanwhile. If that fails, at the next turn again."""
        self.tidy()
        try:
            self._tidy()
        except OSError as error:
            self.trouble = f"the outbox cannot be written: {error}"

    def forget(self, spans: Iterable[Span], *, all_of_it: bool = False) -> None:
        """Rows were deleted, or changed: what waits has them no more. Raises OSError; then do it again.

        Where all of the record is, segments of a journal that was set aside go too.
        """
        self.tidy()
        self.leaving.forget(spans)
        if all_of_it:
            self.leaving.owe_clear()
        self._tidy()

    def turn(self, now_ns: int) -> bool:
        """Seal one segment if it is time; whether there may be another one at once."""
        if not self.is_tidy:
            self.tidy_now()
        if now_ns < self._try_ns or not self.is_tidy:
            return False
        try:
            is_more = self._seal_next(now_ns)
        except Error:  # the file may be there, and the journal does not know it
            self._try_ns = now_ns + TRY_AGAIN_NS
            self.tidy()
            raise
        except OSError as error:
            self._try_ns = now_ns + TRY_AGAIN_NS
            self.trouble = f"the outbox cannot be written: {error}"
            return False
        except (ValueError, CryptoError) as error:
            self._try_ns = now_ns + TRY_AGAIN_NS
            self.trouble = f"nothing can be sealed to the workstation's key ({error}); pair it again"
            return False
        self.trouble = ""
        return is_more

    def received(self, content: bytes) -> str:
        """A receipt came: what it names is pruned. Why not, if it is none."""
        paired = self.leaving.paired()
        if paired is None:
            return "this kit is paired with no workstation"
        try:
            told = receipt.read(content, VerifyKey(bytes.fromhex(paired.verifies_with)), self.kit)
        except ValueError as error:
            return str(error)
        mine = self.leaving.fetched(told.segments)
        log.info("receipt: segments=%d pruned=%d", len(told.segments), len(mine))
        self.tidy_now()
        return ""

    def waiting(self) -> int:
        """How many segments can be fetched: the files that are there, whatever is to become of them."""
        try:
            return len(self._outbox.names())
        except OSError:
            return len(self.leaving.unfetched())

    def unsealed(self, paired: Paired) -> int:
        """How many rows can be sealed for the workstation now; where nothing is, and of very many, at most."""
        place, count, looked, until = paired.mark, 0, 0, self._until
        while paired.agreed and looked < LOOKED_AT:
            rows = self.leaving.after(place, self._rows, until)
            if not rows:
                return count
            place, looked = rows[-1].place, looked + len(rows)
            count += sum(leaves(row.record) for row in rows)
        return count + self.leaving.unsealed(place, until)

    @property
    def _until(self) -> Place | None:
        """What stands there and behind waits."""
        begin = self._begin()
        return Place(*begin) if begin else None

    def _tidy(self) -> None:
        """Remove what is fetched or dropped; what is gone or damaged though it waited is sealed anew."""
        if self.leaving.owes_clear:
            self._outbox.clear()
            self.leaving.cleared()
        there = self._outbox.names() if self._is_looked_at else self._outbox.whole()
        self._is_looked_at = True
        self.leaving.missing({one.name for one in self.leaving.unfetched()} - there)
        self._outbox.keep_only((one.name for one in self.leaving.unfetched()), self._signing.verify_key)
        self.is_tidy = True

    def _seal_next(self, now_ns: int) -> bool:
        paired = self.leaving.paired()
        if paired is None:
            self._is_asked = False
            return False
        if not paired.agreed:
            self._is_asked = False
            return paired.had and self._may_be_untold and self._seal_deletions(paired)
        until = self._until
        waiting = self.leaving.unsealed(paired.mark, until)
        if until and self._may_be_untold and self._seal_deletions(paired):  # they wait for no text
            return True
        if not self._is_due(waiting, now_ns):
            return False
        rows = self.leaving.after(paired.mark, self._rows, until)
        if not rows:  # what stood there was deleted
            self._is_asked = False
            return False
        self._seal(rows, paired, rows[-1].place)
        self._is_asked &= len(rows) == self._rows
        return self._is_due(waiting - len(rows), now_ns)

    def _is_due(self, waiting: int, now_ns: int) -> bool:
        return is_due(waiting, self._rows, now_ns - self._kept_ns, asked=self._is_asked)

    def _seal_deletions(self, paired: Paired) -> bool:
        """What the workstation has of them is to be forgotten there, though it gets nothing more."""
        rows = self.leaving.untold(Kind.DELETION.value, self._rows)
        if rows:
            self._seal(rows, paired, None)
        self._may_be_untold = len(rows) == self._rows
        return self._may_be_untold

    def _seal(self, rows: Sequence[Kept], paired: Paired, mark: Place | None) -> None:
        told = [row for kept in rows if (row := as_row(self.kit, kept))]
        if not told:
            self.leaving.passed(mark, None)
            return
        first, last = (Place(told[at].boot, told[at].sequence) for at in (0, -1))
        to = PublicKey(bytes.fromhex(paired.seals_to))
        segment: Segment = sealed(written(told), first, to, self._signing)
        self._outbox.put(segment)
        self.leaving.passed(mark, Written(segment.name, first, last, len(told), len(segment.content)))


def is_due(waiting: int, rows: int, quiet_ns: int, *, asked: bool) -> bool:
    """Whether of the waiting rows so many, or fewer, are sealed now. Pure."""
    return waiting >= rows or (waiting > 0 and (asked or quiet_ns >= QUIET_NS))


def as_row(kit: str, kept: Kept) -> Row | None:
    """The row as it leaves; None for what stays here: what may not be learned from, what cannot be read. Pure."""
    try:
        record, kind = _map.decode(kept.record), Kind(kept.kind)
        told = msgspec.Raw(_json(record))
    except (msgspec.MsgspecError, UnicodeError, ValueError, TypeError) as error:
        log.warning("a row stays on the kit: boot=%d sequence=%d %s", *kept.place, error)
        return None
    if record.get("learn") is False:
        return None
    return Row(kit=kit, boot=kept.place.boot, sequence=kept.place.sequence, at=kept.at, kind=kind, record=told)


def leaves(record: bytes) -> bool:
    """Whether a row is one of those that leave. Pure."""
    try:
        return _stays.decode(record).learn is not False
    except (msgspec.MsgspecError, UnicodeError):
        return False
