"""An adapter for sentences from key words is worn for them alone, beside the one for words."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Intent
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor.generator.network.adapter import AdapterError
from vybor.generator.network.model import Model, Outfit
from vybor.generator.network.trunk import Floats
from vybor.grown.counting import FRAMES, of_purpose
from vybor.instant.anchors import carries, said
from world import tiny_model
from world.tiny_adapter import halves, peft, write

WORDS = m.Prompt(at_ns=0, number=1, text="I like", count=5)
SENTENCES = m.Prompt(at_ns=0, number=2, text="", count=5, anchors=("tea",), intent=Intent.WANT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def proposer(made: bundle.Bundle) -> Proposer:
    return Proposer(made, threads=1)


def says(proposer: Proposer, prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    found = proposer.propose(prompt, lambda: True)
    assert found is not None
    return found


def behind(proposer: Proposer, prompt: m.Prompt) -> Floats:
    """What may follow what the model reads for a prompt: random weights make no whole sentence."""
    says(proposer, prompt)
    return proposer._model.end


def test_words_stay_what_they_were_and_sentences_are_others(tmp_path: Path, proposer: Proposer) -> None:
    words, plain, name = says(proposer, WORDS), behind(proposer, SENTENCES), proposer.identity
    proposer.frames.wear(peft(tmp_path / "a", halves("qkvo gate up down")))
    assert [one.words for one in says(proposer, WORDS)] == [one.words for one in words]
    assert np.abs(behind(proposer, SENTENCES) - plain).max() > 0.1
    assert proposer.identity == proposer.identity_for(WORDS) == name
    assert proposer.identity_for(SENTENCES).startswith(f"{name}{FRAMES}")
    proposer.frames.wear(None)
    assert says(proposer, WORDS) == words
    assert np.array_equal(behind(proposer, SENTENCES), plain)
    assert proposer.identity_for(SENTENCES) == name


def test_both_are_worn_and_each_answers_its_own(tmp_path: Path, proposer: Proposer) -> None:
    proposer.wear(peft(tmp_path / "own", halves("qkvo")))
    own = behind(proposer, WORDS)
    proposer.frames.wear(peft(tmp_path / "frames", halves("qkvo", seed=10)))
    framed = behind(proposer, SENTENCES)
    assert np.array_equal(behind(proposer, WORDS), own)
    assert np.array_equal(behind(proposer, SENTENCES), framed)
    proposer.wear(None)
    assert np.array_equal(behind(proposer, SENTENCES), framed)
    assert np.abs(behind(proposer, WORDS) - own).max() > 0.1


def test_what_was_read_in_one_outfit_stays_read_while_the_other_is_worn(made: bundle.Bundle) -> None:
    model = Model(made, threads=1)
    model.append([3, 4, 5])
    model.change(Outfit.FRAMES)
    assert model.rewind([3, 4, 5]) == 0
    model.append([3, 4])
    model.change(Outfit.OWN)
    assert model.rewind([3, 4, 5]) == 3
    model.change(Outfit.FRAMES)
    assert model.rewind([3, 4]) == 2


def test_one_that_does_not_fit_is_not_worn_and_nothing_else_changes(tmp_path: Path, proposer: Proposer) -> None:
    words, plain = says(proposer, WORDS), behind(proposer, SENTENCES)
    proposer.frames.wear(peft(tmp_path / "a", halves()))
    with pytest.raises(AdapterError):
        proposer.frames.wear(peft(tmp_path / "b", halves(), base_sha256="ab" * 32))
    assert not proposer.frames.is_worn
    assert says(proposer, WORDS) == words
    assert np.array_equal(behind(proposer, SENTENCES), plain)


FOLLOWS = {
    "<|im_start|>": {"want": 0.5, "tea": 0.5},
    "want": {":": 1.0},
    "tea": {"\n": 1.0},
    "\n": {"I": 0.6, "Some": 0.4},
    "I": {" want": 0.7, " drink": 0.3},
    "Some": {" teas": 1.0},
    " want": {" tea": 0.6, " soup": 0.4},
    " drink": {" tea": 1.0},
    " teas": {".": 1.0},
    " tea": {".": 1.0},
    " soup": {".": 1.0},
}


def test_a_model_that_has_read_the_words_begins_as_it_likes_and_may_bend_them(tmp_path: Path) -> None:
    """The kit's openings would not have begun with *Some*, nor its search ended at *teas*."""
    proposer = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "tiny", FOLLOWS)), threads=1)
    before = [" ".join(one.words) for one in says(proposer, SENTENCES)]
    assert "Some teas." not in before
    proposer.frames.is_worn = True  # bigrams take no adapter: what they say is what one would have taught
    found = [" ".join(one.words) for one in says(proposer, SENTENCES)]
    assert set(found) >= {"I want tea.", "I drink tea.", "Some teas."}
    assert all(carries(said(sentence), ("tea",)) for sentence in found)


def test_choices_of_words_and_of_sentences_are_counted_apart() -> None:
    tile = m.OfferedTile(
        slot=0, role=m.Role.SENTENCE, label="it", grey="", source=m.Source.MODEL, p=0.1, gaze_ms=0.0
    )
    one = m.Decision(
        at_ns=0,
        session="s",
        number=1,
        action=m.Action.TAKE,
        slot=0,
        written="it",
        text_before="",
        text_after="it",
        offer=1,
        shown=(tile,),
        evidence=m.Evidence(
            channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0
        ),
        model="tiny-0123",
    )
    framed = msgspec.structs.replace(one, model=f"tiny-0123{FRAMES}ab")
    undone = msgspec.structs.replace(one, action=m.Action.UNDO)
    assert of_purpose([one, framed, undone], of_frames=False) == [one, undone]
    assert of_purpose([one, framed, undone], of_frames=True) == [framed, undone]
