"""Words first: what is offered, in which order and how likely, from models that say what they are told."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.generator.candidates import BRANCHES, STEP_TOKENS, Proposer
from vybor.generator.network import bundle
from vybor.instant.pattern import Pattern
from vybor.instant.tokens import fold
from world import tiny_model

ROUNDED = 0.02
"""What 8 bits leave of a probability."""
SENTENCES = {
    "<|im_start|>": {"I": 0.5, "What": 0.3, "It": 0.2},
    "I": {" like": 0.8, "'m": 0.2},
    "'m": {" like": 1.0},
    " like": {" to": 0.4, " the": 0.2, " The": 0.1, " un": 0.2, ".": 0.07, "?": 0.03},
    " un": {"likely": 0.9, " the": 0.1},
    "likely": {" to": 1.0},
    " to": {" go": 0.6, " get": 0.3, " be": 0.1},
    " go": {" to": 0.6, ",": 0.4},
    " get": {" it": 1.0},
    " it": {"<|im_end|>": 1.0},
    " be": {" well": 1.0},
    " well": {"-": 0.6, ".": 0.4},
    "-": {"known": 1.0},
    "known": {" to": 0.6, "\n": 0.4},
    " the": {" go": 1.0},
    " The": {" go": 1.0},
    ",": {" I": 0.9, " the": 0.1},
    " I": {" like": 1.0},
    ".": {" I": 0.6, " It": 0.4},
}


@pytest.fixture(scope="module")
def proposer(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    folder = tiny_model.bigrams(tmp_path_factory.mktemp("model") / "tiny", SENTENCES)
    return Proposer(bundle.open_bundle(folder), threads=1)


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    folder = tiny_model.random(tmp_path_factory.mktemp("model") / "random")
    return Proposer(bundle.open_bundle(folder), threads=1)


def propose(
    proposer: Proposer,
    text: str,
    prefix: str = "",
    exclude: Sequence[str] = (),
    count: int = 4,
    groups: Sequence[str] = (),
) -> tuple[m.Candidate, ...]:
    prompt = m.Prompt(
        at_ns=0,
        number=1,
        text=text,
        prefix=prefix,
        exclude=tuple(exclude),
        count=count,
        groups=tuple(groups),
    )
    proposed = proposer.propose(prompt, lambda: True)
    assert proposed is not None
    return proposed


def chances(candidates: Sequence[m.Candidate]) -> dict[str, float]:
    return {candidate.words[0]: candidate.p for candidate in candidates}


def test_words_of_several_tokens_compete_and_spellings_count_together(proposer: Proposer) -> None:
    """To .4; the + The .3; un+likely .18; of . and ? the likelier mark .07; un alone .02."""
    offered = chances(propose(proposer, "I like", count=5))
    assert list(offered) == ["to", "the", "unlikely", ".", "un"]
    assert offered == pytest.approx({"to": 0.4, "the": 0.3, "unlikely": 0.18, ".": 0.07, "un": 0.02}, abs=ROUNDED)


FIRST, SECOND, THIRD = "abcdefg", "hijklmno", "pqrstuvwxyz"


@pytest.mark.parametrize(
    ("groups", "offered"),
    [
        ((THIRD,), {"to": 0.4 / 0.9, "the": 0.3 / 0.9, "unlikely": 0.18 / 0.9, "un": 0.02 / 0.9}),
        ((THIRD, SECOND, FIRST), {"the": 1.0}),
        ((THIRD, SECOND, SECOND), {"unlikely": 1.0}),
        ((THIRD, SECOND, SECOND, SECOND, SECOND, FIRST), {"unlikely": 1.0}),
    ],
)
def test_a_look_at_a_group_of_letters_is_a_mask_on_the_logits(
    groups: tuple[str, ...], offered: dict[str, float], proposer: Proposer
) -> None:
    found = chances(propose(proposer, "I like", groups=groups))
    assert list(found) == list(offered)
    assert found == pytest.approx(offered, abs=ROUNDED)


def test_letters_are_counted_without_apostrophes(proposer: Proposer) -> None:
    assert "I'm" in chances(propose(proposer, "", groups=(SECOND, SECOND)))
    assert list(chances(propose(proposer, "I like to be", groups=(THIRD, FIRST, SECOND, SECOND, SECOND)))) == [
        "well-known"
    ]


@given(looks=st.lists(st.sampled_from((FIRST, SECOND, THIRD)), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_whatever_the_looks_every_word_fits_them(looks: list[str], babbler: Proposer) -> None:
    pattern = Pattern.of("", tuple(looks))
    offered = propose(babbler, "I like", groups=looks, count=5)
    assert all(pattern.fits(fold(candidate.words[0])) for candidate in offered)
    assert sum(candidate.p for candidate in offered) <= 1 + 1e-6


def test_words_with_an_apostrophe_or_a_hyphen_are_whole(proposer: Proposer) -> None:
    assert chances(propose(proposer, "", count=3))["I"] == pytest.approx(0.5 * 0.8, abs=ROUNDED)
    assert "I'm" in chances(propose(proposer, ""))
    assert list(chances(propose(proposer, "I like to be", count=3))) == ["well-known", "well"]


def test_an_empty_line_begins_sentences(proposer: Proposer) -> None:
    assert list(chances(propose(proposer, "", count=4))) == ["I", "What", "It", "I'm"]


def test_a_golden_transcript_of_the_words_in_grey(proposer: Proposer) -> None:
    grey = {candidate.words[0]: candidate.words[1:] for candidate in propose(proposer, "I like to", count=3)}
    assert grey == {"go": ("to", "go", "to", "go", "to"), "get": ("it",), "be": ("well-known", "to", "go", "to")}


def test_each_word_in_grey_has_its_probability_given_those_before(proposer: Proposer) -> None:
    """`go` ends with certainty and goes on with `to` .6; behind `un` the word would go on, `unlikely` ends."""
    then = {candidate.words[0]: candidate.p_then for candidate in propose(proposer, "I like to", count=3)}
    assert then["go"] == pytest.approx((0.6, 0.6, 0.6, 0.6, 0.6), abs=ROUNDED)
    assert then["get"] == pytest.approx((1.0,), abs=ROUNDED)
    assert then["be"][0] == pytest.approx(0.6, abs=ROUNDED)
    un = {candidate.words[0]: candidate for candidate in propose(proposer, "I like", count=5)}["un"]
    assert (un.words[1], un.p_then[0]) == ("the", pytest.approx(1.0, abs=ROUNDED))


@given(text=st.sampled_from(["", "I like", "I like to", "the"]), count=st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_words_in_grey_and_their_probabilities_go_together(text: str, count: int, babbler: Proposer) -> None:
    for candidate in propose(babbler, text, count=count):
        assert len(candidate.p_then) == len(candidate.words) - 1
        assert all(0 < p <= 1 + 1e-6 for p in candidate.p_then)


def test_grey_ends_with_the_phrase(proposer: Proposer) -> None:
    """`to get it` ends because the text does, `I like to go,` could go on but nothing follows a full stop."""
    after = {candidate.words[0]: candidate.words[1:] for candidate in propose(proposer, "I like", count=4)}
    assert after["."] == ()
    assert after["to"][0] == "go"
    comma = propose(proposer, "I like to go", exclude=["to"])
    assert comma[0].words == (",", "I", "like", "to", "go", "to")


def test_letters_spelled_are_kept_to(proposer: Proposer) -> None:
    assert list(chances(propose(proposer, "I like", "un"))) == ["unlikely", "un"]
    assert chances(propose(proposer, "I like", "unl")) == pytest.approx({"unlikely": 1.0}, abs=ROUNDED)
    assert list(chances(propose(proposer, "I like to", "ge"))) == ["get"]


def test_small_letters_fit_capitals_and_large_ones_only_themselves(proposer: Proposer) -> None:
    both = propose(proposer, "I like", "th")
    assert chances(both) == pytest.approx({"the": 1.0}, abs=ROUNDED)
    large = propose(proposer, "I like", "Th")
    assert list(chances(large)) == ["The"]


def test_letters_that_begin_nothing_are_left_alone(proposer: Proposer) -> None:
    assert propose(proposer, "I like", "qqqq") == ()


def test_passed_over_words_do_not_come_again(proposer: Proposer) -> None:
    first = chances(propose(proposer, "I like", count=3))
    second = chances(propose(proposer, "I like", exclude=[*first, "."], count=3))
    assert list(second) == ["?", "un"]


def test_however_many_words_were_passed_over_the_branches_fit(babbler: Proposer) -> None:
    passed = [f"{first}{second}" for first in "abcdefghij" for second in "abcdefghij"]
    assert len(propose(babbler, "a", exclude=passed, count=5)) <= 5
    assert babbler.propose(m.Prompt(at_ns=0, number=1, text="the " * 400, exclude=tuple(passed)), lambda: True)


EVENLY = [f" {first}{second}" for first in "bcdfgh" for second in "aeiouy"] + [" xa", " xe", " xi", " xo"]
"""Words of a token each, of which any may follow any."""
MOST_WANTED = 37
"""Where a word is gathered, with five in an offer, six seen and four for the interest: 3 × (5 + 6) + 4."""


def test_however_many_words_are_wanted_behind_a_full_window_the_grey_ones_fit(tmp_path: Path) -> None:
    even = dict.fromkeys(EVENLY, 1 / len(EVENLY))
    follows = {"<|im_start|>": {"ba": 1.0}, "ba": even, **dict.fromkeys(EVENLY, even)}
    speaker = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "even", follows)), threads=1)
    offered = propose(speaker, "ba" + " da" * 370, count=MOST_WANTED)
    assert len(offered) == MOST_WANTED
    assert speaker.read > 512 - BRANCHES - STEP_TOKENS
    assert speaker._model.room == 0
    assert all(len(candidate.words) > 1 for candidate in offered)


def test_a_mark_is_offered_behind_a_word_only(proposer: Proposer) -> None:
    assert "." in chances(propose(proposer, "I like"))
    assert not {".", "?", ","} & chances(propose(proposer, "I like.")).keys()
    assert not {".", "?", ","} & chances(propose(proposer, "")).keys()


@pytest.mark.parametrize("text", ["I like to", "I like to ", "I like to   "])
def test_a_space_behind_the_text_changes_nothing(proposer: Proposer, text: str) -> None:
    assert chances(propose(proposer, text, count=3)) == pytest.approx(
        {"go": 0.6, "get": 0.3, "be": 0.1}, abs=ROUNDED
    )


def test_the_next_line_begins_without_a_space(tmp_path: Path) -> None:
    follows = {"\n": {"I": 0.7, " it": 0.3}, "<|im_start|>": {"I": 1.0}}
    proposer = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "tiny", follows)), threads=1)
    assert list(chances(propose(proposer, "I\n"))) == ["I"]


def test_a_special_token_in_the_text_is_text(proposer: Proposer) -> None:
    """A person who writes the model's own marks does not start a message with them."""
    assert chances(propose(proposer, "I like<|im_start|>")) != chances(propose(proposer, ""))


def test_an_unknown_language_gets_nothing(proposer: Proposer) -> None:
    prompt = m.Prompt(at_ns=0, number=1, text="Я", language="ru")
    assert proposer.propose(prompt, lambda: True) == ()


def test_work_that_is_no_longer_wanted_stops_within_a_step(proposer: Proposer) -> None:
    asked = 0

    def still_wanted() -> bool:
        nonlocal asked
        asked += 1
        return asked < 3

    assert proposer.propose(m.Prompt(at_ns=0, number=1, text="I like to go to get"), still_wanted) is None
    assert asked == 3
    whole = propose(proposer, "I like")
    assert chances(whole) == pytest.approx({"to": 0.4, "the": 0.3, "unlikely": 0.18, ".": 0.07}, abs=ROUNDED)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"context": BRANCHES}, "has 128 positions, too few for a text"),
        ({"vocabulary": 8}, "tokens for a graph of 8"),
    ],
)
def test_a_bundle_that_could_never_answer_is_refused(tmp_path: Path, change: dict[str, int], said: str) -> None:
    made = bundle.open_bundle(tiny_model.random(tmp_path / "tiny"))
    shape = msgspec.structs.replace(made.manifest.shape, **change)
    unfit = msgspec.structs.replace(made, manifest=msgspec.structs.replace(made.manifest, shape=shape))
    with pytest.raises(bundle.BundleError, match=said):
        Proposer(unfit, threads=1)


def test_a_tokenizer_that_is_none_is_told(tmp_path: Path) -> None:
    made = bundle.open_bundle(tiny_model.random(tmp_path / "tiny"))
    (made.folder / bundle.TOKENIZER).write_text("{}", encoding="utf-8")
    with pytest.raises(bundle.BundleError, match="has a tokenizer that cannot be read"):
        Proposer(made, threads=1)


def test_a_long_text_is_read_in_steps_and_its_beginning_left_out(proposer: Proposer) -> None:
    text = "I like to go to the go. " * 200 + "I like"
    prompt = m.Prompt(at_ns=0, number=1, text=text, count=1)
    steps = sum(1 for _ in proposer.steps(prompt))
    assert steps > 3
    assert proposer.read <= 512 - BRANCHES
    assert proposer.read > STEP_TOKENS
    assert list(chances(propose(proposer, text, count=1))) == ["to"]


texts = st.text(st.sampled_from("Iaeth. ,'-5\nüЖ\"("), max_size=20)
prefixes = st.sampled_from(["", "t", "th", "I", "un", "Ж", "é", "5", "don'", "a-"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    text=texts, prefix=prefixes, exclude=st.lists(st.sampled_from(["the", "I", "a", "5"])), count=st.integers(3, 5)
)
def test_what_every_offer_is(babbler: Proposer, text: str, prefix: str, exclude: list[str], count: int) -> None:
    """From a model that says anything at all."""
    offered = propose(babbler, text, prefix, exclude, count)
    first = [candidate.words[0] for candidate in offered]
    assert len(offered) <= count
    assert [candidate.p for candidate in offered] == sorted((c.p for c in offered), reverse=True)
    assert sum(candidate.p for candidate in offered) <= 1 + 1e-6
    assert all(candidate.p > 0 for candidate in offered)
    assert len({word.casefold() for word in first}) == len(first)
    assert not {word.casefold() for word in first} & {word.casefold() for word in exclude}
    assert all(word.casefold().startswith(prefix.casefold()) for word in first)
    for candidate in offered:
        for word in candidate.words:
            assert not any(character.isspace() for character in word)
            assert any(character.isalnum() for character in word) or word in ".,?!"
