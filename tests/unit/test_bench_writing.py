"""The bench `writing`: the person's rule, what is counted, and how sure a gain is, on examples made by hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benches import writing, writing_base, writing_figures, writing_phrases
from benches.writing_kit import Kit, Remembering, Stuck
from benches.writing_person import Attention, Written
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source
from vybor.core.decision.rules import Rules
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.settings import CommitSettings
from vybor.instant.pattern import Pattern
from world.desk import Desk
from world.mind import heedless_wish

ALWAYS = Attention()


def phrase(text: str, number: int = 0) -> Phrase:
    return Phrase(number, tuple(text.split()))


def candidate(words: str) -> m.Candidate:
    return m.Candidate(words=tuple(words.split()), p=0.1, source=m.Source.NGRAM)


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    """Knows a few words; `water` comes behind *more*."""
    known = ["I", "we", "don't want", "the", "it", "water", "tea"]
    passed, pattern = {word.casefold() for word in prompt.exclude}, Pattern.of(prompt.prefix, prompt.groups)
    fit = [w for w in known if pattern.fits(w.split()[0].casefold()) and w.split()[0].casefold() not in passed]
    return [candidate(words) for words in fit[: prompt.count]]


def nothing(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return ()


def rules(count: int = 4) -> Rules:
    return Rules(session="s", language="en", commit=CommitSettings(), instant=instant, count=count)


def kit(*, takes_runs: bool = True, count: int = 4) -> Kit:
    return Kit("kit", rules(count), nothing, takes_runs)


def roles(written: Written) -> list[str]:
    return [act.role for act in written.acts]


def test_a_phrase_has_no_capitals_marks_or_apostrophes() -> None:
    assert writing_phrases.words_of("Don't come at 3:30 - e-mail Anna, please!") == (
        *("dont", "come", "at", "3:30", "e-mail", "anna", "please"),
    )


def test_phrases_are_the_lines_with_words(tmp_path: Path) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text("Hello.\n\n...\nHow are you?\nFine\n")
    assert [p.text for p in writing_phrases.read(file, 2)] == ["hello", "how are you"]


def test_phrases_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"none\.txt cannot be read \(No such file"):
        writing_phrases.read(tmp_path / "none.txt", None)
    (tmp_path / "empty.txt").write_text("\n...\n")
    with pytest.raises(Missing, match=r"there is no phrase in .*empty\.txt; write some"):
        writing_phrases.read(tmp_path / "empty.txt", None)
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Missing, match="no UTF-8 text"):
        writing_phrases.read(tmp_path / "bytes.txt", None)


def test_near_duplicates_of_a_phrase_are_left_out() -> None:
    lines = ["Where is my red coat?", "where is my coat", "where is my blue hat", "Good night."]
    assert writing_phrases.without_duplicates(lines, [phrase("where is my coat")]) == [
        "where is my blue hat",  # three of six words
        "Good night.",
    ]


def test_attention_is_the_same_for_the_same_place_and_as_large_as_it_should_be() -> None:
    partly = Attention(seed=3, used=0.8)
    drawn = [
        partly.uses(phrase("x", n), word, letters) for n in range(100) for word in range(5) for letters in (0, 1)
    ]
    again = [
        partly.uses(phrase("x", n), word, letters) for n in range(100) for word in range(5) for letters in (0, 1)
    ]
    assert drawn == again
    assert 0.77 < sum(drawn) / len(drawn) < 0.83
    assert all(ALWAYS.uses(phrase("x", n), 0, 0) for n in range(100))


def screen(text: str, *labels: str) -> m.Screen:
    area = m.Area(left=0, top=0, right=1, bottom=1)
    tiles = [
        m.Tile(slot=slot, role=Role.CANDIDATE, area=area, pad=area, label=label)
        for slot, label in enumerate(labels)
    ]
    key = m.Tile(slot=6, role=Role.KEY, area=area, pad=area, label="c d e")
    return m.Screen(at_ns=0, offer=1, mode=m.Mode.WORDS, text=text, tiles=(*tiles, key))


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (("want", "don't", "don't want to"), 2),  # the longest run that agrees
        (("Don't", "don't want it"), 0),  # a run that does not agree to its end cannot be taken
        (("don", "do"), 6),  # parts of words are no words
        ((",", "we"), 6),
    ],
)
def test_the_person_takes_the_longest_run_that_agrees(labels: tuple[str, ...], wanted: int) -> None:
    tile = heedless_wish(screen("I", *labels), "i dont want to go").tile
    assert tile is not None
    assert tile.slot == wanted


def test_words_and_their_grey_rest_are_one_choice_each() -> None:
    written = kit().write(phrase("i dont want the tea"), ALWAYS)
    last = "s t u v w x y z"
    assert [act.chosen for act in written.acts] == ["I", "don't", "want", last, "the", last, "tea"]
    assert (written.keystrokes, written.selections, written.positions, written.none) == (7, 7, 5, 2)
    assert (written.characters, written.words) == (19, 5)


def test_tiles_of_several_words_are_for_who_takes_them() -> None:
    runs = Rules(
        session="s",
        language="en",
        commit=CommitSettings(),
        instant=lambda prompt: [m.Candidate(words=("we", "see"), p=0.9, p_then=(0.9,), source=Source.NGRAM)],
        count=4,
    )
    assert [
        len(Kit("kit", runs, nothing, takes).write(phrase("we see"), ALWAYS).acts) for takes in (True, False)
    ] == [
        1,
        2,
    ]


def test_a_word_that_no_tier_knows_is_spelled() -> None:
    written = kit().write(phrase("twig"), ALWAYS)
    assert [act.chosen for act in written.acts if act.role in ("letter", "spelled")] == [
        "t",
        "w",
        "i",
        "g",
        "Twig",
    ]
    assert written.keystrokes == 2 + 4 + 1  # no word fits two looks any more
    # A page; a letter each out of the groups that were looked at, then a group and a letter each; the end.
    assert written.selections == 2 + 1 + 2 + 2 * 2 + 1


def test_looks_at_groups_narrow_until_the_word_is_there() -> None:
    written = kit().write(phrase("tea"), ALWAYS)
    assert roles(written) == ["key", "candidate"]
    assert written.acts[-1].chosen.lower() == "tea"
    assert (written.keystrokes, written.selections) == (2, 2)


def test_who_overlooks_every_word_spells_them_all() -> None:
    written = kit().write(phrase("i we"), Attention(used=0.0))
    assert roles(written)[:4] == ["key", "letters", "letter", "spelled"]
    assert [act.chosen for act in written.acts if act.role == "spelled"] == ["I", "we"]
    assert written.none == 0  # the words were there


@pytest.mark.parametrize(("count", "places"), [(3, 3), (4, 3), (5, 3)])
def test_so_many_words_stand_on_the_screen(count: int, places: int) -> None:
    assert writing.shown_at_once(rules(count)) == places
    desk = Desk(rules(count))
    for role in (Role.MENU, Role.TOOLS, Role.MORE):
        desk.choose(next(tile.slot for tile in desk.state.tiles if tile.role is role))
    shown = [tile for tile in desk.state.tiles if tile.role is Role.CANDIDATE]
    assert len(shown) == places


def test_the_model_is_asked_once() -> None:
    asked: list[m.Prompt] = []

    def propose(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
        asked.append(prompt)
        return (candidate("tea"),)

    remembering = Remembering(propose)
    for number in (1, 2):
        assert remembering(m.Prompt(at_ns=number, number=number, text="a")) == (candidate("tea"),)
    remembering(m.Prompt(at_ns=3, number=3, text="a", exclude=("tea",)))
    assert len(asked) == 2


def cost(keystrokes: int, characters: int = 10, words: int = 2) -> Written:
    return Written(characters, words, keystrokes, 2 * keystrokes, words, 1)


def test_savings_are_of_all_characters_together() -> None:
    written = [cost(2), cost(9, characters=30, words=6)]
    assert writing_figures.ksr(written) == pytest.approx(100 * (1 - 11 / 40))
    assert writing_figures.selections_per_word(written) == pytest.approx(22 / 8)
    assert writing_figures.none_rate(written) == pytest.approx(2 / 8)


def test_a_gain_that_every_phrase_has_is_certain_and_none_is_none() -> None:
    theirs = [cost(n % 7 + 1) for n in range(40)]
    ours = [cost(n % 7) for n in range(40)]
    assert writing_figures.gain_low(ours, theirs, 1) == pytest.approx(10)
    assert writing_figures.gain_low(theirs, theirs, 1) == 0


def test_a_gain_of_a_few_phrases_is_uncertain_and_the_seed_decides() -> None:
    theirs = [cost(5) for _ in range(40)]
    ours = [cost(1 if n % 8 == 0 else 5) for n in range(40)]  # 5 points in the mean
    low = writing_figures.gain_low(ours, theirs, 1)
    assert 0 < low < 4
    assert low == writing_figures.gain_low(ours, theirs, 1)
    assert low == pytest.approx(writing_figures.gain_low(ours, theirs, 2), abs=0.6)


def test_without_a_peer_there_is_no_gain() -> None:
    costs = {"words": [cost(4)], "partial": [cost(3)]}
    found = writing_figures.figures(costs, "partial", "peer", 1)
    assert found["ksr.partial"] == pytest.approx(70)
    assert found["selections_per_word"] == 3
    assert not [key for key in found if "gain" in key]
    beside = writing_figures.figures({**costs, "peer": [cost(6)]}, "partial", "peer", 1, ".u80")
    assert beside["ksr.gain.u80"] == pytest.approx(30)
    assert beside["ksr.gain.words.u80"] == pytest.approx(20)


def test_a_text_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VYBOR_DATA", str(tmp_path))
    with pytest.raises(Missing, match=r"acat_all_aac\.txt cannot be read .* name its folder in \$VYBOR_DATA"):
        writing_base.shared([phrase("hi")], tmp_path, print)


def test_letters_that_the_kit_does_not_have_are_named() -> None:
    with pytest.raises(
        Stuck, match=r"'café' cannot be written: '' and 'caf' after \d+ choices; leave out phrases"
    ):
        kit().write(phrase("café"), ALWAYS)


def test_figures_are_written_into_a_folder_that_is_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit):
        writing._parser().parse_args(["--share", "s", "--phrases", "p", "--json", str(tmp_path / "no/file")])
    assert capsys.readouterr().err.endswith(f"there is no folder {tmp_path / 'no'}; make it first\n")


def test_the_shared_text_is_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "phrases.txt").write_text("да\n")
    options = ["--share", str(tmp_path), "--phrases", str(tmp_path / "phrases.txt"), "--lang", "ru"]
    monkeypatch.setattr("sys.argv", ["writing", *options, "--base", "shared"])
    with pytest.raises(SystemExit):
        writing.main()
    assert capsys.readouterr().err == "bench: the shared text is English; take --base clean for ru\n"


def test_details_that_cannot_be_kept_are_named(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="the details cannot be written to"):
        writing._keep_details(tmp_path / "no/such/place", [phrase("hi")], {"": {"words": [cost(1)]}})


def test_a_wrong_file_ends_the_bench_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["writing", "--share", str(tmp_path), "--phrases", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as ended:
        writing.main()
    assert ended.value.code == Missing.exit_code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("bench: the phrases in ")
