"""The bench `person`: honest with perfect and with hopeless eyes, the frozen people, what is counted and kept."""

import argparse
import math
import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from benches import person as bench
from benches import person_figures, person_profile, person_runs, writing_presage
from benches.person_answers import Answer, Kept, Propose, at_once
from benches.person_body import WAYS, Body
from benches.person_eyes import Eyes
from benches.person_fitting import fitted
from benches.person_keyboard import SINGLE, TWO_STEPS, Layout, densest, hit_rate
from benches.person_kit import START_NS, Kit
from benches.person_presage import PresageWords
from benches.person_profile import FAIR, GOOD, PROFILES, Person, Profile, drawn
from benches.person_result import Result, Sitting
from benches.person_runs import Asked, Folder, Opening, Run, sit_all
from benches.person_typist import Typist
from benches.person_writer import GIVE_UP_S, Writer
from benches.report import Origin
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.core.decision import deciding
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.errors import Missing
from vybor.instant.pattern import Pattern

FROZEN = Path(os.environ.get("VYBOR_DATA", "nowhere")).parent / "person"
PERFECT = msgspec.structs.replace(
    GOOD,
    bias_deg=0,
    noise_deg=0.01,
    drift_deg_per_min=0,
    dropout=0,
    overlook=0,
    slip=0,
    notice=1,
    blink_miss=0,
    blink_false_per_min=0,
    switch_miss=0,
)
HOPELESS = msgspec.structs.replace(PERFECT, bias_deg=60, noise_deg=40)
SIGNALS: dict[str, Callable[[int], Sequence[int]]] = {
    "pad": lambda acts: range(1),
    "blink": lambda acts: range(acts, acts + 1),
    "switch": lambda acts: range(acts, acts + 1),
    "scan": lambda acts: range(acts, 2 * acts + 1),
}
"""How many signals so many choices take: where tiles light up in turn, one for the row, unless it has one tile."""
KNOWN = ("I", "we", "want", "the", "tea", "would like", "some")


def phrase(text: str, number: int = 0) -> Phrase:
    return Phrase(number, tuple(text.split()))


PHRASES = [phrase("we want the tea"), phrase("i would like some ink", 1)]


def someone(profile: Profile) -> Person:
    return drawn("test", profile, 0, 1, spread=0.0)


def instant(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    fit = [word for word in KNOWN if pattern.fits(word.split()[0].lower())]
    return tuple(m.Candidate(words=tuple(w.split()), p=0.1, source=m.Source.NGRAM) for w in fit[: prompt.count])


def nothing(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return ()


def with_kit(profile: Profile, way: str, phrases: Sequence[Phrase] = PHRASES) -> list[Result]:
    person = someone(profile)
    rules = deciding.Rules(session="s", language="en", commit=WAYS[way], instant=instant, count=4)
    eyes = Eyes(person, "kit", START_NS)
    kit = Kit(rules, at_once(nothing), eyes, person.profile)
    writer = Writer(person, Body(person, eyes, kit, way))
    return [writer.write(each) for each in phrases]


def test_the_dots_at_the_beginning_of_a_session_take_time() -> None:
    person = someone(PERFECT)
    rules = deciding.Rules(session="s", language="en", commit=WAYS["switch"], instant=instant, count=4)
    run = Run("", "en", "", tuple(PHRASES), "switch", 0, 1, 1, ())
    with_dots = person_runs.with_kit(person, rules, at_once(nothing), run).results
    eyes = Eyes(person, "kit", START_NS)
    kit = Kit(rules, at_once(nothing), eyes, person.profile)
    kit.look_at_dots()
    dots_s = (kit.now_ns - START_NS) / SECOND_NS
    assert dots_s > 1
    alone = Writer(person, Body(person, eyes, kit, "switch")).write(PHRASES[0])
    assert with_dots[0].seconds == pytest.approx(alone.seconds + dots_s, abs=0.5)
    assert with_dots[0].looking_s == pytest.approx(alone.looking_s + dots_s, abs=0.5)


def suggest(text: str) -> list[str]:
    start = text[text.rfind(" ") + 1 :]
    return [word for word in ("we", "the", "would", "tea", "some", "want") if word.startswith(start)][:5]


def with_keys(profile: Profile, layout: Layout, phrases: Sequence[Phrase] = PHRASES) -> list[Result]:
    typist = Typist(someone(profile), layout, suggest)
    return [typist.write(each) for each in phrases]


@pytest.mark.parametrize("way", WAYS)
def test_a_perfect_person_writes_every_phrase_exactly(way: str) -> None:
    for result in with_kit(PERFECT, way):
        assert result.right
        assert (result.misquoted, result.wrong, result.corrections, result.dead_ends) == (0, 0, 0, 0)
        assert (result.false_reading, result.false_idle) == (0, 0)
        assert result.signals in SIGNALS[way](result.acts)
        assert 1 < result.seconds / result.acts < (9 if way == "scan" else 5)
        assert result.longest_stuck_s < (10 if way == "scan" else 5)


@pytest.mark.parametrize("layout", [SINGLE, TWO_STEPS])
def test_a_perfect_person_types_every_phrase_exactly(layout: Layout) -> None:
    for result in with_keys(PERFECT, layout):
        assert result.right
        assert (result.misquoted, result.wrong, result.corrections, result.false_idle) == (0, 0, 0, 0)
        assert result.seconds / result.acts > 1.25  # a saccade and the dwell


@pytest.mark.parametrize("way", [way for way in WAYS if way != "scan"])
def test_hopeless_eyes_finish_nothing_and_nothing_hangs(way: str) -> None:
    for result in with_kit(HOPELESS, way):
        assert not result.finished
        assert result.seconds < GIVE_UP_S + 60 * result.words + 10


def test_where_tiles_light_up_in_turn_eyes_do_not_matter() -> None:
    perfect, hopeless = with_kit(PERFECT, "scan"), with_kit(HOPELESS, "scan")
    assert all(result.right for result in hopeless)
    assert [result.acts for result in hopeless] == [result.acts for result in perfect]


@pytest.mark.slow
def test_who_can_press_and_is_left_by_their_eyes_is_stuck_for_seconds() -> None:
    results = with_kit(msgspec.structs.replace(PERFECT, bias_deg=6, noise_deg=3), "switch", PHRASES * 2)
    assert all(result.right for result in results)
    assert max(result.longest_stuck_s for result in results) < 20


def test_hopeless_eyes_type_nothing_either() -> None:
    assert not any(result.right for result in with_keys(HOPELESS, TWO_STEPS))


@pytest.mark.slow
def test_a_person_who_notices_nothing_says_what_they_did_not_mean() -> None:
    careless = msgspec.structs.replace(PERFECT, slip=0.3, notice=0.5)
    results = with_kit(careless, "switch", PHRASES * 4)
    assert any(result.finished and result.misquoted for result in results)
    assert any(result.corrections for result in results)
    attentive = with_kit(msgspec.structs.replace(careless, notice=1.0), "switch", PHRASES * 4)
    assert all(result.right for result in attentive)


@pytest.mark.slow
def test_overlooking_costs_choices_and_no_mistakes() -> None:
    some = with_kit(msgspec.structs.replace(PERFECT, overlook=0.5), "switch", PHRASES * 4)
    assert all(result.right for result in some)
    assert sum(result.acts for result in some) > 4 * sum(r.acts for r in with_kit(PERFECT, "switch"))


def test_a_slow_model_is_waited_for_by_nobody() -> None:
    person = someone(PERFECT)
    rules = deciding.Rules(session="s", language="en", commit=WAYS["switch"], instant=nothing, count=4)
    eyes = Eyes(person, "kit", START_NS)

    def late(prompt: m.Prompt) -> Answer:
        said = (msgspec.structs.replace(each, source=m.Source.MODEL) for each in instant(prompt))
        return Answer(tuple(said), 1.0)

    kit = Kit(rules, late, eyes, person.profile)
    result = Writer(person, Body(person, eyes, kit, "switch")).write(phrase("we want tea"))
    assert result.right
    assert result.model_s == pytest.approx(result.prompts)


@pytest.mark.skipif(not FROZEN.is_dir(), reason="needs the frozen people beside $VYBOR_DATA")
def test_the_profiles_are_the_frozen_ones() -> None:
    assert person_profile.read(FROZEN, list(PROFILES)) == PROFILES


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"there is no profile 'tired'; take good, fair, bad, or a folder"):
        person_profile.chosen(["tired"], None)
    (tmp_path / "tired.toml").write_text("gaze_hz = 10\n")
    with pytest.raises(Missing, match=r"tired\.toml cannot be read .* name the folder of the profiles"):
        person_profile.chosen(["tired"], tmp_path)


def test_people_are_drawn_around_their_profile_and_the_same_again() -> None:
    people = [drawn("fair", FAIR, number, 1) for number in range(400)]
    assert people[3] == drawn("fair", FAIR, 3, 1)
    assert people[3] != drawn("fair", FAIR, 3, 2)
    speeds = sorted(person.profile.read_s_per_word for person in people)
    assert speeds[200] == pytest.approx(FAIR.read_s_per_word, rel=0.05)
    assert speeds[64] == pytest.approx(FAIR.read_s_per_word * math.exp(-0.2), rel=0.05)  # the 16th percentile
    assert all(0 < 1 - person.profile.notice < 0.5 for person in people)
    offsets = [offset for person in people for offset in person.offset_deg]
    assert (sum(o * o for o in offsets) / len(offsets)) ** 0.5 == pytest.approx(FAIR.bias_deg, rel=0.15)


def test_eyes_have_the_noise_of_their_profile_and_lose_samples_in_bursts() -> None:
    profile = msgspec.structs.replace(FAIR, bias_deg=0, drift_deg_per_min=0, dropout=0.1, dropout_s=0.4)
    eyes = Eyes(someone(profile), "test", 0)
    samples = [eyes.sample() for _ in range(6000)]
    lost = [sample.is_lost for sample in samples]
    assert sum(lost) / len(lost) == pytest.approx(0.1, abs=0.03)
    bursts = sum(now and not before for before, now in pairwise(lost))
    assert sum(lost) / bursts / profile.gaze_hz == pytest.approx(0.4, rel=0.25)
    mm = profile.distance_mm * math.tan(math.radians(profile.noise_deg))
    across = [(sample.x - 0.5) * 155 for sample in samples if not sample.is_lost]
    assert (sum(x * x for x in across) / len(across)) ** 0.5 == pytest.approx(mm, rel=0.1)


def test_while_the_lids_are_closed_there_is_no_gaze() -> None:
    eyes = Eyes(someone(PERFECT), "test", 0)
    eyes.blink(1_000_000_000, 0.5)
    shut = [sample.at_ns / 1e9 for sample in (eyes.sample() for _ in range(60)) if sample.is_closed]
    assert 0.9 <= min(shut) < 1.0
    assert 1.55 < max(shut) <= 1.65


def test_the_densest_layout_that_is_hit_is_taken() -> None:
    assert densest(someone(PERFECT)) == (SINGLE, 1.0)
    shaky = someone(msgspec.structs.replace(PERFECT, noise_deg=1.2, noise_tau_s=0.5))
    assert hit_rate(SINGLE, shaky, 10) < hit_rate(TWO_STEPS, shaky, 10)
    assert densest(someone(HOPELESS))[0] == TWO_STEPS


def cost(seconds: float, characters: int = 10, **changes: object) -> Result:
    made = Result(characters=characters, words=2, seconds=seconds, finished=True, right=True, acts=4)
    return msgspec.structs.replace(made, **changes)


def test_words_a_minute_are_of_what_was_said_right_over_all_time() -> None:
    results = [cost(30), cost(30, right=False), cost(60, finished=False, right=False)]
    assert person_figures.wpm(results) == pytest.approx(2 / 2)


def test_figures_are_of_the_median_person_and_the_worst_tenth() -> None:
    sittings = []
    for number in range(20):
        slow = 60.0 if number == 0 else 20.0
        sittings += [
            Sitting("good", number, "kit", (cost(10, false_reading=number == 5, reading_s=6), cost(10))),
            Sitting("good", number, "presage_retrained", (cost(slow), cost(20))),
        ]
    found = person_figures.figures(sittings, 1)
    assert found["wpm.good"] == pytest.approx(12)
    assert found["wpm.presage_retrained.good"] == pytest.approx(6)
    assert found["ratio.wpm_vs_baseline.good"] == pytest.approx(2)
    assert found["ratio.wpm_vs_baseline.good.low"] == pytest.approx(2)
    assert found["false_per_min.good"] == pytest.approx(0.5)
    assert found["dead_ends"] == 0
    assert found["unfinished.good"] == 0


def test_a_gain_of_one_phrase_is_uncertain() -> None:
    ours = [[cost(2 if n == 0 else 20) for n in range(10)]]
    median, _, low = person_figures.ratios(ours, [[cost(20) for _ in range(10)]], 1)
    assert low == pytest.approx(1)
    assert median > 1


def test_a_baseline_that_writes_nothing_gives_no_ratio() -> None:
    sittings = [
        Sitting("bad", 0, "kit", (cost(10),)),
        Sitting("bad", 0, "presage_retrained", (cost(10, right=False, finished=False),)),
    ]
    found = person_figures.figures(sittings, 1)
    assert not [key for key in found if key.startswith("ratio")]
    assert found["wpm.presage_retrained.bad"] == 0
    assert "selections_per_word.presage_retrained.bad" not in found  # of no phrase that was finished


def test_who_finishes_nothing_is_not_taken_for_somebody_quick() -> None:
    given_up = cost(60, right=False, finished=False, acts=0)
    people = [(given_up,), (cost(10),), (cost(10, acts=8),)]
    found = person_figures.figures([Sitting("bad", n, "kit", each) for n, each in enumerate(people)], 1)
    assert found["selections_per_word.bad"] == pytest.approx(3)
    assert found["unfinished.bad"] == pytest.approx(1 / 3)
    assert found["wpm.bad.worst"] < found["wpm.bad"]


def test_an_answer_is_worked_out_once_and_kept_with_its_time(tmp_path: Path) -> None:
    asked: list[str] = []

    def open_model() -> Propose:
        def propose(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
            asked.append(prompt.text)
            return instant(prompt)

        return propose

    first = Kept(tmp_path / "answers.sqlite", open_model)
    answer = first(m.Prompt(at_ns=1, number=1, text="a"))
    first.close()
    assert asked == ["a", "a"]  # once to warm up
    again = Kept(tmp_path / "answers.sqlite", lambda: pytest.fail("the model was opened"))
    assert again(m.Prompt(at_ns=2, number=2, text="a")) == answer
    again.close()


RUN = Run("share", "en", "model", tuple(PHRASES), "pad", 10, 1, 2, ())


def test_a_run_goes_on_where_it_was_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Quick:
        def __init__(self, opening: Opening) -> None:
            assert opening.run == RUN

        def close(self) -> None:
            pass

        def sit(self, one: Asked) -> list[Sitting]:
            return [Sitting(one.name, one.number, "kit", (cost(10),))]

    monkeypatch.setattr(person_runs, "Room", Quick)
    folder = Folder(tmp_path, RUN)
    asked = [Asked("good", GOOD, number) for number in range(3)]
    over = iter([False, False, True])
    for one, sittings in sit_all(Opening(RUN, folder.answers, {}), asked, 1, lambda: next(over)):
        monkeypatch.setattr(person_runs.report, "here", partial(Origin, f"commit {one.number}", "this"))
        folder.keep(one, sittings)
    again = Folder(tmp_path, RUN)
    assert [len(again.sittings(one)) for one in asked] == [1, 1, 0]
    assert again.sittings(asked[0]) == [Sitting("good", 0, "kit", (cost(10),))]
    assert again.origins(asked) == {Origin("commit 0", "this"), Origin("commit 1", "this")}
    assert again.sittings(Asked("good", FAIR, 0)) == []  # another profile of that name
    assert Folder(tmp_path, msgspec.structs.replace(RUN, seed=2)).sittings(asked[0]) == []


@pytest.mark.skipif(bool(writing_presage.lack()), reason="needs Debian's presage and libpresage-data")
def test_presage_says_the_same_of_a_text_however_it_came_to_stand_there(tmp_path: Path) -> None:
    config = tmp_path / "presage.xml"
    debian = writing_presage.CONFIG.read_text(encoding="utf-8")
    config.write_text(writing_presage.config(debian, 5, None, repeats=True), encoding="utf-8")
    grown, at_once = PresageWords(config), PresageWords(config)
    try:
        typed = ["", "w", "wh", "x", "where ", "where i"]  # the x is taken back
        assert [grown(text) for text in typed][-1] == at_once("where i")
        assert grown("wh") == at_once("wh")
        assert len(at_once("wh")) == 5
    finally:
        grown.close()
        at_once.close()


def test_wrong_options_end_the_bench_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    options = ["--share", str(tmp_path), "--phrases", str(tmp_path / "none"), "--profile", "tired"]
    monkeypatch.setattr("sys.argv", ["person", *options])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == Missing.exit_code
    assert capsys.readouterr().err.startswith("bench: there is no profile 'tired'")
    with pytest.raises(SystemExit):
        bench._parser().parse_args([*options[:4], "--layout", "7"])
    assert "invalid choice: '7'" in capsys.readouterr().err
    assert isinstance(bench._parser().parse_args(options[:4]), argparse.Namespace)


# --- the hand ---------------------------------------------------------------------------------------------


def test_people_with_a_switch_have_been_through_the_fitting() -> None:
    slow = someone(msgspec.structs.replace(GOOD, reaction_s=1.2, reaction_sd_s=0.2, switch_miss=0))
    timings = fitted(WAYS["scan"], slow)
    assert timings.scan_step_s > fitted(WAYS["scan"], someone(PERFECT)).scan_step_s
    assert timings.scan_step_s + timings.scan_reaction_s > 1.4
    assert fitted(WAYS["switch"], slow).scan_step_s == timings.scan_step_s
    assert fitted(WAYS["pad"], slow) == WAYS["pad"]


@pytest.mark.slow
def test_the_longest_time_without_a_possible_choice_is_no_longer_than_that_until_the_choice() -> None:
    for way in WAYS:
        for result in with_kit(HOPELESS if way == "scan" else FAIR, way):
            assert 0 < result.longest_no_act_s <= result.longest_stuck_s
    missed = msgspec.structs.replace(PERFECT, switch_miss=0.6)
    clumsy = with_kit(missed, "switch", PHRASES * 2)
    assert max(r.longest_no_act_s for r in clumsy) < max(r.longest_stuck_s for r in clumsy) / 2
