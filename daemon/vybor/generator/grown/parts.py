"""The parts that are numbers alone, beside the adapter: a desk each, asked together."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, Numbers, SignsNumbers
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import Clock
from vybor.generator.grown.on_trial import Trial
from vybor.generator.grown.part_desk import PartDesk
from vybor.generator.interest.interested import Interested
from vybor.grown.folder import Folder, beside
from vybor.grown.shelf import Left
from vybor.grown.versions import Version

Wear = Mapping[Kind, Callable[[Numbers], None]]
"""Who is to have the numbers of each part."""
FITTED_SINCE = (
    "signs were fitted anew on the kit since it was learned, and that holds; once the person has chosen so for "
    "some days, learn from them with `vybor-workshop personal fit --part signs`"
)
NOT_WANTED = "what is learned of signs is not wanted here; `vybor config set headband.learned true` lets it hold"


def wearers(interested: Interested, bus: Bus, clock: Clock) -> Wear:
    """The interest stands in this process; the counts are a file of the deciding one, which is told.

    So is the headband of its signs.
    """

    def interest(numbers: Numbers) -> None:
        if isinstance(numbers, InterestNumbers):
            interested.wear(numbers)

    def counts(numbers: Numbers) -> None:
        if isinstance(numbers, CountsNumbers):
            bus.publish(m.CountsWorn(at_ns=clock.now_ns(), numbers=numbers))

    def signs(numbers: Numbers) -> None:
        if isinstance(numbers, SignsNumbers):
            bus.publish(m.SignsWorn(at_ns=clock.now_ns(), numbers=numbers))

    return {Kind.INTEREST: interest, Kind.COUNTS: counts, Kind.SIGNS: signs}


class Parts:
    """All of them."""

    def __init__(
        self, wear: Wear, grown: Folder, bus: Bus, trial: Trial, boot: str, *, wants_signs: bool = True
    ) -> None:
        """`grown`: the folder of adapters; theirs stand beside it."""
        self._bus = bus
        self._wants_signs = wants_signs
        self._fittings: int | None = None
        """How many fittings of signs there were; None: nobody has said so yet."""
        self._desks = {
            kind: PartDesk(kind, Folder(beside(grown.path, kind)), bus, trial, boot, its, self._overruled)
            for kind, its in wear.items()
        }

    def fitted(self, fittings: int) -> None:
        """So many fittings of signs there were: a new one holds instead of what was learned before."""
        if fittings != self._fittings:
            self._fittings = fittings
            for desk in self._desks.values():
                desk.look_again()

    def _overruled(self, numbers: Numbers) -> str:
        """Why the kit goes by something else than these numbers; empty: it does not."""
        if not isinstance(numbers, SignsNumbers):
            return ""
        if not self._wants_signs:
            return NOT_WANTED
        return "" if self._fittings is None or numbers.hold(self._fittings) else FITTED_SINCE

    @property
    def folders(self) -> Mapping[Kind, Folder]:
        """Where versions lie."""
        return MappingProxyType({kind: desk.folder for kind, desk in self._desks.items()})

    @property
    def highest(self) -> Mapping[Kind, int]:
        """The highest number that came, of each kind."""
        return MappingProxyType({kind: desk.highest for kind, desk in self._desks.items()})

    @property
    def serials(self) -> list[int]:
        """The numbers of all versions there are."""
        return [serial for desk in self._desks.values() for serial in desk.serials]

    @property
    def is_stale(self) -> bool:
        """Whether any that is worn has learned from what is deleted in part."""
        return any(desk.is_stale for desk in self._desks.values())

    @property
    def wants_to_hear(self) -> bool:
        """Whether there is anything that may have learned from what is deleted."""
        return any(desk.wants_to_hear for desk in self._desks.values())

    def take(self, version: Version, deletions: int, now_ns: int) -> None:
        """A version lies on the disk. `deletions`: so many are known of by now."""
        self._desks[version.kind].take(version, deletions, now_ns)

    def turn(self, base: str, now_ns: int, *, is_factory: bool) -> Sequence[Asked]:
        """Go on; who waited for what is worn now. `base`: of the model that is loaded."""
        done: list[Asked] = []
        for desk in self._desks.values():
            desk.turn(base, now_ns, is_factory=is_factory)
            done += desk.fulfilled()
        return done

    def answered(self, now_ns: int) -> None:
        """The model has answered somebody."""
        for desk in self._desks.values():
            desk.answered(now_ns)

    def answered_by_journal(self, reply: m.AnyReply, now_ns: int) -> None:
        """The journal answers somebody."""
        for desk in self._desks.values():
            desk.answered_by_journal(reply, now_ns)

    def wish(self, asked: Asked, wish: m.WearGrown, base: str, now_ns: int) -> str | None:
        """Have something worn; why it cannot be, empty if it can; None: it is no part's."""
        for kind, desk in self._desks.items():
            if wish.serial in desk.serials or (not wish.serial and kind.value == wish.kind.value):
                return desk.wish(asked, wish, base, now_ns)
        return None

    def heard(self, left: Left, now_ns: int) -> str:
        """Something was deleted; why what learned from it is still there, if it is."""
        wrong = [desk.heard(left, now_ns) for desk in self._desks.values()]
        return next((one for one in wrong if one), "")

    def troubles(self) -> list[m.Notice]:
        """What the person should know."""
        return [told for desk in self._desks.values() for told in desk.troubles()]

    def told(self) -> tuple[m.Grown, ...]:
        """Every version, part by part."""
        return tuple(one for desk in self._desks.values() for one in desk.told())

    def ended(self) -> None:
        """The process was asked to end."""
        for desk in self._desks.values():
            desk.ended()
