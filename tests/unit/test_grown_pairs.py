"""Which adapter goes with which whole model, and who is taken off: right in every order of coming and going."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.bundles.manifest import Kind
from vybor.contracts.messages import GrownState, Trouble
from vybor.grown import pairs, shelf
from vybor.grown.counting import Counted, Counts
from vybor.grown.shelf import Left
from vybor.grown.versions import FACTORY, Run, Shelf, Version

KIT = "5" * 32
BASES = ("a" * 64, "b" * 64)
"""The factory's, and another one's."""
EMPTY = Shelf(identity="id", factory=BASES[0])


def adapter(serial: int, base: int = 0) -> Version:
    return Version(serial=serial, kit=KIT, base=BASES[base], growth=serial)


def model(serial: int, base: int = 1, *, takes_adapters: bool = True) -> Version:
    return Version(
        serial=serial, kit=KIT, base=BASES[base], kind=Kind.MODEL, name="m", takes_adapters=takes_adapters
    )


def on_trial(found: Shelf, version: Version) -> Shelf:
    return shelf.put_on(shelf.came(found, version), version.serial)


def good(found: Shelf, *versions: Version) -> Shelf:
    for version in versions:
        found = shelf.good(on_trial(found, version))
    return found


def state(found: Shelf, serial: int) -> str:
    version = found.version(serial)
    return version.state.value if version else ""


def in_use(found: Shelf) -> tuple[int, int]:
    return found.model, found.worn


def crashed(found: Shelf, serial: int) -> Shelf:
    """Loaded, and ended before it had answered."""
    return shelf.judged(shelf.begun(found, "boot", serial), "boot")


def test_a_model_of_other_weights_carries_nothing_and_the_one_as_it_came_has_its_own_back() -> None:
    found = on_trial(good(EMPTY, adapter(1), adapter(2)), model(3))
    assert (in_use(found), state(found, 2)) == ((3, 0), "good")
    back = shelf.rolled_back(found, Trouble.GROWN_UNDONE, "worse")
    assert (in_use(back), state(back, 3)) == ((0, 2), "rolled_back")
    assert in_use(shelf.put_on(found, FACTORY)) == (0, 0), "as it came, alone"
    assert in_use(shelf.put_on(found, 1)) == (0, 1), "with the model that it was made for"


def test_one_of_the_same_weights_goes_on_wearing_what_is_good_if_it_takes_adapters() -> None:
    worn = good(EMPTY, adapter(1))
    assert in_use(on_trial(worn, model(3, 0))) == (3, 1)
    assert in_use(on_trial(worn, model(3, 0, takes_adapters=False))) == (3, 0)
    tried = on_trial(on_trial(worn, adapter(2)), model(3, 0))
    assert (in_use(tried), state(tried, 2)) == ((3, 1), "left"), "two things are not tried in one"


def test_a_model_that_comes_again_wears_what_was_good_on_it() -> None:
    found = good(EMPTY, adapter(1), model(3), adapter(4, 1), adapter(5, 1))
    assert in_use(found) == (3, 5)
    away = shelf.put_on(found, FACTORY)
    assert in_use(shelf.put_on(away, 3)) == (3, 5)
    assert in_use(shelf.put_on(away, 4)) == (3, 4)
    assert in_use(shelf.rolled_back(found, None, "by hand")) == (3, 4)
    newer = good(found, model(6, 0))
    assert in_use(newer) == (6, 1)
    assert in_use(shelf.rolled_back(newer, None, "by hand")) == (3, 5)


def test_what_no_model_here_goes_with_cannot_be_worn() -> None:
    found = shelf.came(EMPTY, adapter(4, 1))
    assert pairs.model_for(found, adapter(4, 1)) is None
    found = on_trial(found, model(5))
    assert pairs.model_for(found, adapter(4, 1)) == 5
    gone = shelf.rolled_back(found, Trouble.GROWN_STOPPED, "it stopped")
    assert pairs.model_for(gone, adapter(4, 1)) is None, "a model that is no good is put on by its own number only"


def found_again(version: Version) -> Version:
    return msgspec.structs.replace(version, state=GrownState.LEFT, trouble=Trouble.GROWN_LOST, reason="lost")


def test_what_was_found_again_is_tried_first_on_the_model_that_it_goes_with_and_the_last_wish_counts() -> None:
    lost = msgspec.structs.replace(EMPTY, versions=tuple(map(found_again, (adapter(1), adapter(2), model(3)))))
    found = shelf.wished(lost, 3)
    assert (in_use(found), state(found, 3)) == ((0, 0), "trying")
    found = shelf.put_on(shelf.try_it(found, 3), 3)
    assert (in_use(found), state(found, 3)) == ((3, 0), "on_trial")
    found = shelf.wished(found, 1)
    assert (in_use(found), state(found, 1)) == ((0, 0), "trying")
    found = shelf.wished(shelf.unwished(found), 2)
    assert (state(found, 1), state(found, 2)) == ("left", "trying")
    tried = shelf.put_on(shelf.try_it(found, 2), 2)
    assert in_use(shelf.wished(shelf.put_on(tried, FACTORY), 2)) == (0, 2), "it was tried"


def test_what_is_on_trial_is_at_fault_an_adapter_first_and_then_the_model() -> None:
    found = on_trial(on_trial(good(EMPTY, adapter(1)), model(3)), adapter(4, 1))
    assert pairs.answerable(found) == 4
    found = crashed(found, 4)
    assert (in_use(found), state(found, 4), state(found, 3)) == ((3, 0), "rolled_back", "on_trial")
    assert pairs.answerable(found) == 3
    found = crashed(found, 3)
    assert (in_use(found), state(found, 3)) == ((0, 1), "rolled_back")


def test_a_model_on_trial_is_at_fault_for_what_it_wears_that_was_good() -> None:
    found = on_trial(good(EMPTY, adapter(1)), model(3, 0))
    assert (pairs.answerable(found), in_use(found)) == (3, (3, 1))
    found = crashed(found, 3)
    assert (in_use(found), state(found, 3), state(found, 1)) == ((0, 1), "rolled_back", "good")


def test_of_two_good_ones_that_crash_again_and_again_first_one_goes_and_then_the_other() -> None:
    found = good(EMPTY, model(3), adapter(4, 1))
    for _ in range(shelf.MOST_CRASHES_OF_GOOD):
        assert in_use(found) == (3, 4)
        found = crashed(found, pairs.answerable(found))
    for _ in range(shelf.MOST_CRASHES_OF_GOOD):
        assert in_use(found) == (3, 0)
        found = crashed(found, pairs.answerable(found))
    assert in_use(found) == (0, 0)


def test_words_that_are_good_are_those_of_the_model_as_well() -> None:
    found = on_trial(on_trial(EMPTY, model(3)), adapter(4, 1))
    found = shelf.counted(found, Counted(since=Counts(50, 2)))
    assert (found.version(4).choices, found.version(3).choices) == (50, 0)  # type: ignore[union-attr]
    found = shelf.good(found)
    assert (state(found, 3), state(found, 4)) == ("good", "good")
    assert found.counted.before == Counts(50, 2)


def test_a_loading_that_an_earlier_kit_wrote_down_was_of_what_is_worn() -> None:
    old = msgspec.structs.replace(on_trial(EMPTY, adapter(1)), run=Run(boot="boot"))
    assert state(shelf.judged(old, "boot"), 1) == "rolled_back"


def test_what_was_not_known_of_the_model_as_it_came_is_not_held_against_anybody() -> None:
    unknown = msgspec.structs.replace(EMPTY, factory="")
    assert in_use(good(unknown, adapter(1, 1))) == (0, 1)


def test_of_models_one_stays_beside_that_which_is_loaded_and_it_is_the_one_behind() -> None:
    found = good(EMPTY, model(1), model(2), model(3))
    assert shelf.surplus(found) == (1,)
    back = shelf.rolled_back(shelf.without_files(found, (1,)), None, "by hand")
    assert (in_use(back), shelf.surplus(back)) == ((2, 0), ())
    newer = good(back, model(5, 0))
    assert shelf.surplus(newer) == (3,), "what is gone back to is kept, though another one is newer"


def test_an_adapter_of_the_model_that_is_gone_back_to_stays_whatever_came_for_the_other() -> None:
    found = on_trial(good(EMPTY, adapter(1)), model(2))
    for serial in (3, 4, 5, 6):
        found = on_trial(found, adapter(serial, 1))
    assert (in_use(found), shelf.surplus(found)) == ((2, 6), (3,))
    back = shelf.rolled_back(shelf.without_files(found, (3,)), None, "by hand", serial=2)
    assert in_use(back) == (0, 1)


def test_what_is_deleted_takes_adapters_and_no_models() -> None:
    found = good(EMPTY, model(3), adapter(4, 1))
    left = Left(kit=KIT, deletions=1, oldest=(0, 0), newest=(1, 9))
    found = shelf.forgotten(found, left)
    assert (in_use(found), state(found, 3), state(found, 4)) == ((3, 0), "good", "removed")


@pytest.mark.parametrize(("model_of", "worn"), [(9, 0), (4, 0), (0, 3), (0, 9), (9, 4)])
def test_a_note_that_names_what_is_not_there_is_mended(model_of: int, worn: int) -> None:
    found = good(EMPTY, model(3), adapter(4, 1))
    assert pairs.mended(found) == found
    rotten = pairs.mended(msgspec.structs.replace(found, model=model_of, worn=worn))
    assert in_use(rotten) == (0, 4 if worn == 4 else 0)


def come(found: Shelf, serial: int) -> Shelf:
    if serial <= found.highest:
        return found
    made = (adapter(serial), adapter(serial, 1), model(serial), model(serial, 0))[serial % 4]
    return shelf.came(found, made)


def wear(found: Shelf, serial: int) -> Shelf:
    one = found.version(serial)
    if one and (not one.has_files or one.state in (GrownState.REFUSED, GrownState.REMOVED)):
        return found
    if one and not pairs.is_model(one) and pairs.model_for(found, one) is None:
        return found
    return shelf.put_on(found, serial)


STEPS: dict[str, Callable[[Shelf, int], Shelf]] = {
    "come": come,
    "wear": wear,
    "fail": lambda found, serial: (
        found if pairs.is_in_use(found, serial) else shelf.failed_trying(found, serial, "x")
    ),
    "begun": lambda found, _: shelf.begun(found, "boot"),
    "model begun": lambda found, _: shelf.begun(found, "boot", found.model),
    "proven": lambda found, _: shelf.proven(found, "x"),
    "judged": lambda found, _: shelf.judged(found, "boot"),
    "back": lambda found, _: shelf.rolled_back(found, Trouble.GROWN_UNDONE, "worse"),
    "lost": lambda found, serial: shelf.rolled_back(found, Trouble.GROWN_LOST, "rotten", serial=serial),
    "good": lambda found, _: shelf.good(found),
    "gone": lambda found, _: shelf.forgotten(
        found, Left(kit=KIT, deletions=found.deletions + 1, oldest=(0, 0), newest=(2, 1))
    ),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 12)), max_size=60))
def test_whatever_happens_what_is_worn_fits_what_is_loaded(steps: list[tuple[str, int]]) -> None:
    found = EMPTY
    for what, serial in steps:
        found = STEPS[what](found, serial)
        found = shelf.without_files(found, shelf.surplus(found))
        worn, standing = found.wearing, found.standing
        assert ((worn is None), (standing is None)) == (found.worn == FACTORY, found.model == FACTORY)
        for one in filter(None, (worn, standing)):
            assert one.has_files
            assert one.state in (GrownState.ON_TRIAL, GrownState.GOOD)
        assert standing is None or pairs.is_model(standing)
        assert worn is None or (not pairs.is_model(worn) and pairs.fits(found, worn, found.model))
        tried = [one.serial for one in found.versions if one.state is GrownState.ON_TRIAL]
        assert all(pairs.is_in_use(found, serial) for serial in tried)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_note_of_an_earlier_kit_is_read(kind: Kind) -> None:
    told = msgspec.json.encode(good(EMPTY, model(3) if kind is Kind.MODEL else adapter(3)))
    plain = msgspec.json.decode(told)
    for name in ("model", "factory"):
        del plain[name]
    for name in ("kind", "name", "takes_adapters"):
        del plain["versions"][0][name]
    del plain["counted"]["is_past"]
    found = msgspec.convert(plain, Shelf)
    assert (found.model, found.versions[0].kind) == (FACTORY, Kind.ADAPTER)
