"""The bench `retrain`: who is done, taken to another machine."""

from pathlib import Path

import msgspec
import pytest

from benches import report, retrain, retrain_figures
from benches.retrain_cells import Model, Text
from benches.retrain_figures import Seat
from benches.retrain_keeping import Keeping
from benches.retrain_measuring import Worn
from unit.retrain_seats import ONE, OTHER, Noting, measured, run_in, trained
from vybor.foundation.errors import Missing


def done(name: str = "one") -> Seat:
    return Seat(
        name=name,
        trained={Text.OWN: trained(), Text.SHUFFLED: trained()},
        measured={model: measured([10, 12, 9 + number]) for number, model in enumerate(Model)},
        leaks=0,
        worn=Worn(0.2, 0.9, off_is_exact=True),
    )


def test_who_is_done_is_known_elsewhere_with_the_same_figures_and_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "seats.json"
    for name, seed in (("one", 1), ("other", 1), ("one", 2)):
        Keeping(file, "code").keep(done(name), seed)
    kept = [Keeping(file, "code").known(*at) for at in (("one", 1), ("other", 1), ("one", 2))]
    assert all(kept)
    found = retrain_figures.reckoned([seat for seat in kept if seat])
    assert found == retrain_figures.reckoned([done(), done("other"), done()])
    assert found["distinct_2.own"] == pytest.approx(1 / 3)
    assert Keeping(file, "code").known("other", 2) is None
    kept_in = Keeping(file, "code")
    seat = kept_in.known("one", 1)
    assert seat
    assert kept_in.origins([seat]) == {report.here()}
    text = file.read_text()
    assert not [word for word in ("text 0", '"a"', '"b"') if word in text]


@pytest.mark.parametrize(
    "lacks",
    [
        {"leaks": None},
        {"worn": None},
        {"trained": {Text.OWN: trained()}},
        {"measured": {Model.OWN: measured([9])}},
    ],
)
def test_who_is_not_done_is_not_kept(tmp_path: Path, lacks: dict[str, object]) -> None:
    file = tmp_path / "seats.json"
    Keeping(file, "code").keep(msgspec.structs.replace(done(), **lacks), 1)
    assert not file.exists()


def test_who_got_no_adapter_is_done_without_wearing_it(tmp_path: Path) -> None:
    seat = msgspec.structs.replace(
        done(), worn=None, trained={Text.OWN: trained(adapter=False), Text.SHUFFLED: trained()}
    )
    Keeping(tmp_path / "seats.json", "code").keep(seat, 1)
    assert Keeping(tmp_path / "seats.json", "code").known("one", 1)


def test_who_is_kept_is_not_done_again(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    cells, minds = Noting(tmp_path, run), [ONE, OTHER]
    Keeping(tmp_path / "seats.json", run.name()).keep(done(), 1)
    keeping = Keeping(tmp_path / "seats.json", run.name())
    next(iter(retrain.steps(cells, minds, (2, 1), keeping)))()
    assert cells.asked == ["other 1 own"]
    assert [seat.name for seat in retrain.seats(cells, minds, (2, 1), keeping)] == ["one", "other"]


def test_persons_of_other_code_are_refused_and_so_is_a_file_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "seats.json"
    Keeping(file, "old").keep(done(), 1)
    before = file.read_bytes()
    with pytest.raises(Missing, match=r"is of old, and this is new: .*take the commit \w+.*name another file"):
        Keeping(file, "new")
    file.write_bytes(before[:-9])
    with pytest.raises(Missing, match=r"seats\.json holds no persons that were measured .*name another file"):
        Keeping(file, "old")
    assert file.read_bytes() == before[:-9]
