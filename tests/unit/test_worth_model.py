"""`vybor worth --with-model`: the kit's own model is loaded, and its adapter where one is worn."""

from pathlib import Path

import msgspec
import pytest

from processes.test_generator import FOLLOWS
from unit import test_ngram_propose
from unit.account_person import keep
from unit.test_worth import part, record
from vybor import cli
from vybor.accounting.worth import Lack, Part
from vybor.commands.accounts import worth as command
from vybor.contracts import messages as m
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
from vybor.foundation.settings import GeneratorSettings, Settings
from vybor.generator.grown import worn_now
from vybor.grown.folder import STATE, Folder
from vybor.grown.versions import Shelf, Version
from world import tiny_model
from world.tiny_adapter import halves, peft, write

PROMPT = m.Prompt(at_ns=0, number=1, text="I like", count=5)
ONE_CORE = Settings(generator=GeneratorSettings(threads=1))


def places(folder: Path) -> Places:
    return Places(runtime=folder / "run", state=folder / "state", share=folder / "share")


OF_EACH_KIT = pytest.mark.parametrize("below", ["", "generator"], ids=["of vybor up", "of systemd"])


@OF_EACH_KIT
def test_an_adapter_that_is_worn_is_set_against_the_model_without_it(tmp_path: Path, below: str) -> None:
    where = places(tmp_path)
    write(where.model)
    alone = command.models_in(where, ONE_CORE)
    assert alone.adapted is None
    peft(where.state / below / "adapter", halves("qkvo gate up down"))
    both = command.models_in(where, ONE_CORE)
    assert both.adapted is not None
    assert both.plain(PROMPT) == alone.plain(PROMPT) != both.adapted(PROMPT) == both.as_worn(PROMPT)


@OF_EACH_KIT
def test_so_is_the_version_that_the_workstation_sent(
    tmp_path: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, folder = places(tmp_path), Folder(tmp_path / "state" / below / "grown")
    write(where.model)
    peft(folder.files(3), halves("qkvo gate up down"))
    for base, is_worn in ((tiny_model.BASE, True), ("c" * 64, False)):
        version = Version(serial=3, kit="5" * 32, base=base, state=m.GrownState.ON_TRIAL)
        folder.write(Shelf(identity="id", versions=(version,), worn=3))
        before = (folder.path / STATE).read_bytes()
        assert (command.models_in(where, ONE_CORE).adapted is not None) is is_worn
        assert (folder.path / STATE).read_bytes() == before
    (folder.files(3) / "adapter_config.json").write_text("{")
    assert command.models_in(where, ONE_CORE).adapted is None
    monkeypatch.setattr(worn_now.os, "access", lambda *_: False)
    with pytest.raises(PlaceError, match=r"state\.json; use sudo, or leave out --with-model"):
        command.models_in(where, ONE_CORE)


def test_the_sentences_are_written_again_with_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = places(tmp_path)
    tiny_model.bigrams(where.model, FOLLOWS)
    test_ngram_propose.write(where.share / "words-en.sqlite")
    keep(record(5, 4, "I want"), where.state)
    named = [text for name in ("runtime", "state", "share") for text in (f"--{name}", str(getattr(where, name)))]
    assert cli.main(["worth", "--with-model", "--json", *named]) == 0
    found = msgspec.json.decode(capsys.readouterr().out, type=command.Found)
    assert (part(found, Part.MODEL).lack, part(found, Part.MODEL).sentences) == (None, 20)
    assert part(found, Part.ADAPTER).lack is Lack.NOT_USED
