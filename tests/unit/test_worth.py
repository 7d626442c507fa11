"""`vybor worth`: what each part saved, on records whose answer is known, and that little is said of little."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from unit import test_ngram_propose
from unit.account_person import RULES, Scribe, keep
from vybor import cli
from vybor.accounting import resampling, worth
from vybor.accounting.account import Ledger, ledger
from vybor.accounting.worth import Day, Lack, Part, Worth
from vybor.commands.accounts import worth as command
from vybor.contracts import messages as m
from vybor.contracts.messages import Channelled, Role, Source
from vybor.foundation.errors import Missing
from vybor.foundation.settings import Settings
from vybor.instant.pattern import Pattern
from vybor.instant.tier import WordList

DAY_NS = 24 * 3600 * 10**9


def record(days: int, sentences: int, text: str = "I want tea") -> list[m.Decision]:
    """The same sentence again and again, spoken by the real decision once and copied, on several days."""
    scribe = Scribe()
    scribe.say(text)
    made: list[m.Decision] = []
    for day in range(days):
        for _ in range(sentences):
            for one in scribe.record:
                number = len(made) + 1
                at_ns = day * DAY_NS + number * 2 * 10**9
                made.append(msgspec.structs.replace(one, number=number, at_ns=at_ns))
    return made


def days_of(decisions: Sequence[m.Decision]) -> list[Day]:
    return worth.days_of(ledger(decisions), decisions)


def confirmed_by(decisions: Sequence[m.Decision], times: dict[Channelled, float]) -> list[m.Decision]:
    """Confirmed in turn by these ways, each of which takes so many seconds."""
    ways, at_ns, day = list(times), 0, 0
    made = []
    for place, one in enumerate(decisions):
        way = ways[place % len(ways)]
        if one.at_ns // DAY_NS != day:
            day, at_ns = one.at_ns // DAY_NS, one.at_ns
        at_ns += round(times[way] * 1e9)
        evidence = msgspec.structs.replace(one.evidence, channel=way)
        made.append(msgspec.structs.replace(one, at_ns=at_ns, evidence=evidence))
    return made


def test_an_interval_holds_what_is_true_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        drawn = random.Random(seed)
        sample = [drawn.gauss(3, 1) for _ in range(30)]
        found = resampling.interval(sample, lambda units: sum(units) / len(units))
        assert found is not None
        assert found.low <= found.value <= found.high
        held += found.low <= 3 <= found.high
    assert 50 <= held <= 60


def test_a_figure_that_cannot_be_reckoned_has_no_interval() -> None:
    assert resampling.interval([1.0], lambda _units: None) is None


def test_a_day_is_a_start_of_the_machine_or_24_hours() -> None:
    assert [len(day.spoken) for day in days_of(record(3, 4))] == [4, 4, 4]
    assert worth.pace_s(days_of(record(2, 3))) == 2
    assert worth.pace_s([]) is None


def test_the_headband_s_time_is_that_of_the_edge_less_its_own() -> None:
    mixed = confirmed_by(record(6, 10), {Channelled.PAD: 3.0, Channelled.DOUBLE_BLINK: 2.0})
    found = worth.headband(days_of(mixed))
    timed = [one for day in days_of(mixed) for spoken in day.spoken for one, _ in worth.timed(spoken)]
    blinks = sum(one.evidence.channel is Channelled.DOUBLE_BLINK for one in timed)
    assert blinks > 100
    assert found.lack is None
    assert found.seconds is not None
    assert found.seconds.value == pytest.approx(blinks)
    assert found.seconds.low > 0
    assert found.choices is None
    slower = confirmed_by(record(6, 10), {Channelled.PAD: 2.0, Channelled.CLENCH: 3.0})
    cost = worth.headband(days_of(slower)).seconds
    assert cost is not None
    assert cost.high < 0


def test_of_too_little_nothing_is_said() -> None:
    assert worth.headband(days_of(record(6, 10))).lack is Lack.NOT_USED
    few = confirmed_by(record(3, 10), {Channelled.PAD: 3.0, Channelled.CLENCH: 2.0})
    assert worth.headband(days_of(few)).lack is Lack.FEW
    assert worth.look_ahead(days_of(record(6, 10))).lack is Lack.NOT_KEPT
    assert worth.interest(days_of(record(6, 10))).lack is Lack.NOT_USED
    assert worth.replayed(Part.COUNTS, days_of(record(2, 3)), lambda _u: 1.0).lack is Lack.FEW


def test_looking_ahead_saves_at_most_what_others_waited() -> None:
    made = [
        msgspec.structs.replace(one, took_ms=20.0 if place % 2 else 420.0, was_ahead=bool(place % 2))
        for place, one in enumerate(record(6, 10))
    ]
    found = worth.look_ahead(days_of(made))
    assert found.at_most
    assert found.seconds is not None
    assert found.seconds.value == pytest.approx(0.4 * sum(one.was_ahead for one in made))


def test_days_are_resampled_where_there_are_enough_and_else_it_is_said() -> None:
    days = days_of(record(6, 5))
    many = worth.replayed(Part.COUNTS, days, lambda u: float(u.number % 3))
    assert (many.over_days, many.days, many.sentences) == (True, 6, 30)
    assert many.choices is not None
    assert many.choices.value == pytest.approx(sum(u.number % 3 for day in days for u in day.spoken))
    assert many.seconds == resampling.Interval(*(2 * value for value in msgspec.structs.astuple(many.choices)))
    few = worth.replayed(Part.COUNTS, days_of(record(2, 15)), lambda u: float(u.number % 3))
    assert (few.over_days, few.lack) == (False, None)


def offered(moved: str, left: str) -> list[m.Decision]:
    """Eight days, each with twelve sentences whose words were moved and four that were left as they were."""
    made: list[m.Decision] = []
    for day in range(8):
        for text, sentences, share in ((moved, 12, 0.75), (left, 4, 0.25)):
            for one in record(1, sentences, text):
                number = len(made) + 1
                at_ns = day * DAY_NS + number * 10**9
                made.append(msgspec.structs.replace(one, number=number, at_ns=at_ns, propensity=share))
    return made


def test_interest_is_tried_on_sentences_that_were_left_as_they_were() -> None:
    helped = worth.interest(days_of(offered(moved="I want", left="Zyx")))  # by two choices, and by ten
    assert (helped.days, helped.sentences) == (8, 128)
    assert helped.choices is not None
    assert helped.choices.low > 0
    same = worth.interest(days_of(offered(moved="I want", left="I want")))
    assert same.choices is not None
    assert same.choices.value == pytest.approx(0, abs=1e-6)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    path = tmp_path_factory.mktemp("words") / "words-en.sqlite"
    test_ngram_propose.write(path)
    opened = WordList.open(path)
    yield opened
    opened.close()


def part(found: command.Found, wanted: Part) -> Worth:
    return next(one for one in found.worth if one.part is wanted)


def test_the_person_s_counts_save_what_the_list_does_not_know(words: WordList) -> None:
    own = record(6, 4, "Zyx water")
    found = command.found(own, words, Settings())
    counts = part(found, Part.COUNTS)
    assert counts.lack is None
    assert counts.choices is not None
    assert counts.choices.low > 0
    assert counts.sentences == 24
    known = part(command.found(record(6, 4, "I"), words, Settings()), Part.COUNTS)
    assert known.choices is not None
    assert known.choices.value <= 0.5
    assert part(found, Part.MODEL).lack is Lack.NEEDS_MODEL
    foreign = [msgspec.structs.replace(one, language="ru") for one in own]
    assert part(command.found(foreign, words, Settings()), Part.COUNTS).lack is Lack.FEW
    assert part(found, Part.NOTES).lack is Lack.NOT_USED


NAMES = [f"{first}{middle}{last}" for first in "bzk" for middle in "aeou" for last in ("lov", "rin")]
"""Twenty-four words that no list knows."""


def told_once_each(scribe: Scribe) -> list[m.Decision]:
    """The sentences of a scribe, four a day."""
    said = 0
    made = []
    for one in scribe.record:
        at_ns = said // 4 * DAY_NS + one.number * 10**9
        made.append(msgspec.structs.replace(one, at_ns=at_ns))
        said += one.action is m.Action.SPEAK
    return made


def knows(*known: str) -> command.Propose:
    def fitting(prompt: m.Prompt) -> Sequence[m.Candidate]:
        pattern = Pattern.of(prompt.prefix, prompt.groups)
        fit = [word for word in known if pattern.fits(word)][: prompt.count]
        return [m.Candidate(words=(word,), p=0.5 / n, source=Source.MODEL) for n, word in enumerate(fit, 1)]

    return fitting


def test_with_a_model_the_model_and_its_adapter_are_replayed(words: WordList) -> None:
    scribe = Scribe(msgspec.structs.replace(RULES, instant=knows(*NAMES)))
    for name in NAMES:
        scribe.say(name.capitalize())
    made = told_once_each(scribe)
    found = command.found(made, words, Settings(), command.Models(knows(*NAMES[::2]), knows(*NAMES)))
    for wanted in (Part.MODEL, Part.ADAPTER):
        saved = part(found, wanted).choices
        assert saved is not None
        assert saved.low > 0
    plain = command.found(made, words, Settings(), command.Models(knows(*NAMES), None))
    assert part(plain, Part.ADAPTER).lack is Lack.NOT_USED


def test_a_word_of_a_note_is_worth_what_it_would_have_taken_without(words: WordList) -> None:
    scribe = Scribe()
    for name in NAMES:
        scribe.write("You")
        prompt = scribe.state.prompt
        assert prompt is not None
        scribe.answer([m.Candidate(words=(name,), p=0.9, source=Source.OWN)], prompt.number, "tiny")
        scribe.take(Role.CANDIDATE, name)
        scribe.take(Role.SPEAK)
    notes = part(command.found(told_once_each(scribe), words, Settings()), Part.NOTES)
    assert notes.at_most
    assert notes.choices is not None
    assert notes.choices.low > len(NAMES) * 3


def test_without_a_word_list_the_rest_is_told(words: WordList) -> None:
    found = command.found(record(6, 4), "the words are gone", Settings())
    assert part(found, Part.COUNTS).lack is Lack.NO_WORDS
    assert "the words are gone" in "\n".join(command.lines(found))


def test_every_part_is_told_in_every_language(words: WordList) -> None:
    for language in ("en", "ru"):
        found = msgspec.structs.replace(command.found(record(6, 4), words, Settings()), language=language)
        told = list(command.lines(found))
        assert len(told) == 1 + 2 * len(Part)
        assert "{" not in "\n".join(told)


def test_an_empty_record_is_said() -> None:
    with pytest.raises(Missing, match="nothing was spoken in these days"):
        command.found([], "none", Settings())
    assert Ledger().spoken == []


def test_the_command_prints_json_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(record(6, 4), tmp_path / "state")
    (tmp_path / "share").mkdir()
    test_ngram_propose.write(tmp_path / "share/words-en.sqlite")
    places = [item for name in ("runtime", "state", "share") for item in (f"--{name}", str(tmp_path / name))]
    assert cli.main(["worth", *places]) == 0
    assert capsys.readouterr().out.startswith("The last 6 days of the record that have sentences: 24 sentences")
    assert cli.main(["worth", *places, "--days", "2", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out, type=command.Found)
    assert (found.days, found.sentences) == (2, 8)
    assert cli.main(["worth", *places, "--with-model"]) != 0
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_record_in_which_nothing_was_spoken_is_named_with_the_way_to_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scribe = Scribe()
    scribe.write("I")
    keep(scribe.record, tmp_path / "state")
    places = ("--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state"))
    assert cli.main(["worth", *places, "--share", str(tmp_path)]) == Missing.exit_code
    told = capsys.readouterr().err
    assert f"this is the record in {tmp_path / 'state'}; --state names another" in told
    assert len(told.splitlines()) == 1


def test_a_sentence_that_was_taken_back_is_none_of_the_day() -> None:
    scribe = Scribe()
    scribe.say("I want")
    scribe.take(Role.UNDO)
    scribe.say("I want tea")
    (day,) = days_of(scribe.record)
    assert [one.text for one in day.spoken] == ["I want tea"]


def test_between_two_starts_of_the_kit_no_time_is_counted() -> None:
    decisions = record(1, 1)
    (day,) = days_of(decisions)
    assert len(list(worth.timed(day.spoken[0]))) == len(decisions) - 1
    half = len(decisions) // 2
    later = [msgspec.structs.replace(one, session="later") for one in decisions[half:]]
    (day,) = days_of([*decisions[:half], *later])
    assert len(list(worth.timed(day.spoken[0]))) == len(decisions) - 2


def test_what_is_not_to_be_learned_is_not_written_again(words: WordList) -> None:
    own = record(6, 4, "Zyx water")
    a_sentence = len(own) // 24
    private = [msgspec.structs.replace(one, learn=False) for one in own[:a_sentence]]
    found = command.found([*private, *own[a_sentence:]], words, Settings())
    assert part(found, Part.COUNTS).sentences == 23
