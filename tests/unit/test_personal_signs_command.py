"""`vybor-workshop personal fit --part signs` and what it publishes: from a kit's rows to what the kit wears."""

import re
import shutil
from pathlib import Path

import msgspec
import pytest

from unit import log_kit
from unit.grown_kit import KIT, Workshop
from unit.signs_record import Blinker, recorded
from unit.test_personal_command import choose, run, take_in
from unit.test_signs_desk import wears
from unit.versions_kit import Bus, Kit
from vybor.bundles import manifest, numbers
from vybor.bundles.manifest import Kind
from vybor.contracts.messages import GrownState
from vybor.contracts.numbers import SignsNumbers
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import open_bundle
from vybor_workshop import growth
from vybor_workshop.log import views
from vybor_workshop.personal import keeping
from world import grown, tiny_adapter


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_from_the_rows_of_a_kit_to_what_it_wears(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(workshop, recorded(Blinker(fitting=1)))
    assert run(workshop, "personal", "fit", "--part", "signs") == 0
    out = capsys.readouterr().out
    assert "signs 0001 may be published: `vybor-workshop publish --kind signs`" in out
    assert re.search(
        r"^holds  +not one more sign that was not meant would choose  +-?0[.0-9]*, at most 0 is", out, re.MULTILINE
    )
    assert re.search(
        r"^from the first blink to the second, in seconds +0\.\d+   \(everybody: any\)$", out, re.MULTILINE
    )
    (where,) = growth.growths(workshop.home.folder, KIT, Kind.SIGNS)
    fitted = keeping.numbers_of(where, keeping.read(where))[0]
    assert isinstance(fitted, SignsNumbers)
    assert fitted.blink_rhythm_s == pytest.approx(0.6, rel=0.05)
    assert fitted.fitting == 1
    assert run(workshop, "publish", "--kind", "signs") == 0
    (path,) = workshop.kit.outgoing.glob("*.bundle")
    assert path.stat().st_size < 4096
    opened = workshop.opened(path)
    assert opened.manifest.kind is Kind.SIGNS
    assert numbers.read(Kind.SIGNS, opened.content()[numbers.FILE]) == fitted
    kit = _kit(tmp_path, workshop)
    kit.desk.fitted(1)
    shutil.copy(path, kit.arrived / manifest.arrived_name(1))
    wears(kit, 1)
    assert (kit.has[Kind.SIGNS], kit.told(1).state) == (fitted, GrownState.ON_TRIAL)


def _kit(folder: Path, workshop: Workshop) -> Kit:
    made = tiny_adapter.write(folder / "model")
    (folder / "kit/arrived").mkdir(parents=True)
    kit = Kit(folder / "kit", Proposer(open_bundle(made.folder), threads=1), Bus(), made.folder)
    verifies_with = bytes(workshop.workstation.signs.verify_key).hex()
    desk = msgspec.structs.replace(grown.DESK, verifies_with=verifies_with)
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, kit=KIT, workstation=desk)
    return kit


def test_where_nothing_sure_is_found_nothing_may_be_published(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(workshop, recorded(Blinker(meant=3.4, share_unmeant=0.0)))
    assert run(workshop, "personal", "fit", "--part", "signs") == 1
    assert (
        "signs 0001: nothing sure was found (not so: the record asks for other numbers" in capsys.readouterr().out
    )
    assert run(workshop, "publish", "--kind", "signs") == 65


def test_a_record_of_an_older_kit_has_no_signs_and_says_so(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    writer = log_kit.Writer()
    writer.say("tea and toast")
    old = []
    for row in writer.rows:
        told = msgspec.json.decode(row.record)
        del told["signs"]
        old.append(msgspec.structs.replace(row, record=msgspec.Raw(msgspec.json.encode(told))))
    take_in(workshop, old)
    assert run(workshop, "personal", "fit", "--part", "signs") == 65
    said = capsys.readouterr().err
    assert "there are 0 signs of one kind of which it is known what came, and 100 are needed; wait until" in said
    with views.connect(workshop.data) as rows:
        found = rows.execute("SELECT signs FROM decisions").fetchall()
    assert found == [(None,)] * 4


def test_the_signs_of_a_choice_stand_in_the_data_set(workshop: Workshop) -> None:
    decisions = recorded(Blinker(), days=1, a_day=5)
    choose(workshop, decisions)
    with views.connect(workshop.data) as rows:
        found = rows.execute(
            "SELECT s.kind, s.height, s.rhythm_s, s.chose FROM (SELECT unnest(signs) AS s FROM decisions)"
        ).fetchall()
    assert found == [(s.kind.value, s.height, s.rhythm_s, s.chose) for one in decisions for s in one.signs]
