"""The message-passing check: drawn evenly, judged strictly, reckoned exactly, and never told before its end."""

import hashlib
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from vybor.accounting import checking
from vybor.accounting.checking import PAIRS, Answer, Plan, Question
from vybor.commands.accounts import check
from vybor.commands.accounts.check_words import LANGUAGES
from vybor.composer.letters import KEYS
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing, PlaceError
from vybor.instant.tokens import fold

SHORT = check.About(patience=check.Patience(most_s=100.0, again_s=45.0))


def planned(count: int = 10, language: str = "en", seed: int = 1) -> Plan:
    return checking.plan(language, count, random.Random(seed).randrange, "salt")


class Wearer:
    """Hears a word, and answers after a while what `answers` makes of it; None: says nothing."""

    def __init__(self, answers: Callable[[str], str | None], after_s: float = 3.0) -> None:
        self._answers = answers
        self._after_s = after_s
        self._left_s = 0.0
        self._heard = ""
        self.told: list[str] = []
        self.shown: list[m.WordCheck | None] = []

    def tell(self, words: str) -> None:
        self.told.append(words)
        self._heard, self._left_s = words, self._after_s

    def show(self, check: m.WordCheck | None) -> None:
        self.shown.append(check)

    def forget(self) -> None:
        self.spoken()

    def wait(self, duration_s: float) -> None:
        self._left_s -= duration_s

    def spoken(self) -> Sequence[str]:
        if not self._heard or self._left_s > 0:
            return []
        answer, self._heard = self._answers(self._heard), ""
        return [] if answer is None else [answer]


def word_told(heard: str) -> str:
    return heard.rstrip(".").rpartition(" ")[2]


def test_chance_draws_evenly_and_no_pair_comes_again_before_all_did() -> None:
    drawn = [question for seed in range(200) for question in planned(seed=seed).questions]
    first = sum(question.told == question.words[0] for question in drawn)
    assert 850 < first < 1150  # 2000 fair coins: 1000, give or take 45
    once = planned(40)
    assert {question.words for question in once.questions[:20]} == set(PAIRS["en"])
    assert {question.words for question in once.questions[20:]} == set(PAIRS["en"])


@pytest.mark.parametrize("language", sorted(PAIRS))
def test_the_words_of_a_pair_differ_on_the_keypad_and_can_be_said_apart(language: str) -> None:
    letters = set("".join(KEYS[language]))
    for one, other in PAIRS[language]:
        assert set(fold(one + other)) <= letters
        assert fold(one) != fold(other)
    assert len(PAIRS[language]) == len(set(PAIRS[language])) == 20
    assert language in LANGUAGES


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("water", Answer.RIGHT),
        ("Water, please.", Answer.RIGHT),
        ("bread", Answer.WRONG),
        ("water or bread", Answer.UNCLEAR),
        ("waters", Answer.UNCLEAR),
        ("yes", Answer.UNCLEAR),
        ("", Answer.NONE),
    ],
)
def test_an_answer_names_one_word_and_not_the_other(said: str, answer: Answer) -> None:
    assert checking.judged(Question(("water", "bread"), "water"), said).answer is answer


def test_in_russian_yo_may_be_written_either_way() -> None:
    question = Question(("зелёный", "жёлтый"), "зелёный")
    assert checking.judged(question, "Зеленый").answer is Answer.RIGHT


def test_the_probability_is_exact() -> None:
    assert checking.at_least(0, 10) == 1
    assert checking.at_least(10, 10) == 1 / 1024
    assert checking.at_least(9, 10) == 11 / 1024
    assert checking.at_least(5, 9) == 0.5
    for right in range(11):
        drawn = sum(math.comb(10, k) * 0.5**10 for k in range(right, 11))
        assert checking.at_least(right, 10) == pytest.approx(drawn)


def test_who_does_not_hear_the_words_is_rarely_right_often_enough() -> None:
    """What is called rare happens to a guesser in fewer than one check of twenty."""
    guess = random.Random(4)
    rare = 0
    for seed in range(300):
        answers = [checking.judged(q, q.words[guess.randrange(2)]) for q in planned(seed=seed).questions]
        rare += checking.verdict(answers).p < 0.05
    assert rare / 300 < 0.05


def test_a_wearer_who_hears_is_right_and_the_terminal_tells_no_word() -> None:
    said: list[str] = []
    wearer = Wearer(word_told)
    check.begin(planned(), wearer)
    report = check.run(planned(), wearer, SHORT, said.append)
    assert (report.verdict.right, report.verdict.p) == (10, 1 / 1024)
    told = {question.told for question in planned().questions}
    assert not [line for line in said if any(word in line for word in told)]
    assert report.seal in said[0]
    assert len(wearer.told) == 1 + 10 + 10 + 1  # what a check is, each word and a thank you, that it is over
    assert wearer.told[0].startswith("A check begins. You will hear 10 words")
    assert (wearer.told[2], wearer.told[-1]) == ("Thank you.", "The check is over. Thank you.")
    assert wearer.shown == [*(m.WordCheck(number=number, count=10) for number in range(11)), None]
    text = "\n".join(check.lines(report))
    assert "Right: 10 of 10." in text
    assert "That is rare by chance" in text
    assert "What it does not show" in text
    assert report.opened in text
    assert planned().seal == report.seal


def test_the_seal_is_of_the_words_in_their_order() -> None:
    plan = planned(5)
    assert plan.opened == "salt:" + ",".join(question.told for question in plan.questions)
    assert plan.seal == hashlib.sha256(plan.opened.encode()).hexdigest()
    assert planned(5, seed=2).seal != plan.seal


def test_a_word_is_said_again_and_what_is_not_answered_is_not_right() -> None:
    wearer = Wearer(lambda _heard: None)
    report = check.run(planned(5), wearer, SHORT, lambda _line: None)
    assert (report.verdict.right, report.verdict.unanswered, report.verdict.p) == (0, 5, 1.0)
    asked = [told for told in wearer.told if told.startswith("Word")]
    assert len(asked) == 5 * 3  # at 0, 45 and 90 s of 100
    assert wearer.told.count("The time for that word is over.") == 5
    assert "shows nothing, neither for the wearer nor against them" in "\n".join(check.lines(report))


def test_who_leaves_early_cannot_choose_a_good_moment() -> None:
    def answers(heard: str) -> str | None:
        if heard.startswith("Word 3"):
            raise KeyboardInterrupt
        return word_told(heard)

    wearer = Wearer(answers)
    report = check.run(planned(), wearer, SHORT, lambda _line: None)
    assert report.left_early
    assert (wearer.told[-1], wearer.shown[-1]) == ("The check is over. Thank you.", None)
    assert (report.verdict.right, report.verdict.unanswered) == (2, 8)
    assert report.verdict.p == checking.at_least(2, 10)


def test_what_was_spoken_before_a_question_answers_nothing() -> None:
    class Hasty(Wearer):
        def __init__(self) -> None:
            super().__init__(word_told)
            self._early = ["bread", "water"]

        def spoken(self) -> Sequence[str]:
            early, self._early = self._early, []
            return early or super().spoken()

    assert check.run(planned(5), Hasty(), SHORT, lambda _line: None).verdict.right == 5


class Room:
    """A process that keeps what it was asked, and a journal with a record."""

    def __init__(self) -> None:
        self.record: list[m.Decision] = []
        self.asked: list[m.AnyCommand] = []

    def new_request(self) -> str:
        return "1"

    def told(self, command: m.AnyCommand, waiting: Callable[[str], None] = lambda _words: None) -> m.AnyReply:
        self.asked.append(command)
        if not isinstance(command, m.TellDecisions):
            return m.Done(request="1")
        later = [one for one in self.record if one.number > command.number]
        return m.Decisions(request="1", decisions=tuple(later))

    def decide(self, action: Action, before: str, after: str, at_s: float) -> None:
        number = len(self.record) + 1
        decision = m.Decision(
            at_ns=seconds(at_s),
            session="s",
            number=number,
            action=action,
            slot=0,
            written="",
            text_before=before,
            text_after=after,
            offer=number,
            shown=(),
            evidence=EVIDENCE,
        )
        self.record.append(decision)


EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=0.0)


class Hands:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.at_s = 100.0

    def now_ns(self) -> int:
        return seconds(self.at_s)


def seated() -> tuple[check.Kit, Room, Room, Hands]:
    journal, core, clock = Room(), Room(), Hands()
    journal.decide(Action.SPEAK, "Long before", "", 1)
    rooms = check.Rooms(*(cast("Any", room) for room in (Room(), journal, core)))
    return check.Kit(rooms, "en", clock, lambda _s: None), journal, core, clock


def test_what_was_spoken_is_an_answer_once_it_has_stood_for_a_moment() -> None:
    kit, journal, _, clock = seated()
    assert kit.spoken() == []
    journal.decide(Action.SPEAK, "Water", "", clock.at_s)
    clock.at_s += check.STANDS_S - 0.1
    assert kit.spoken() == []
    clock.at_s += 0.1
    assert kit.spoken() == ["Water"]
    assert kit.spoken() == []


@pytest.mark.parametrize("action", [Action.UNDO, Action.REPAIR])
def test_what_was_taken_back_answers_nothing(action: Action) -> None:
    kit, journal, _, clock = seated()
    journal.decide(Action.SPEAK, "Bread", "", clock.at_s)
    journal.decide(action, "", "Bread", clock.at_s + 2)
    journal.decide(Action.UNDO, "Bread", "", clock.at_s + 3)
    journal.decide(Action.SPEAK, "Water", "", clock.at_s + 4)
    clock.at_s += 20
    assert kit.spoken() == ["Water"]


def test_what_was_spoken_a_moment_before_the_question_answers_nothing() -> None:
    kit, journal, _, clock = seated()
    journal.decide(Action.SPEAK, "Water", "", clock.at_s)
    kit.forget()
    clock.at_s += 20
    assert kit.spoken() == []


def test_the_screen_is_told_which_word_is_asked_and_never_the_word() -> None:
    kit, _, core, clock = seated()
    kit.show(m.WordCheck(number=2, count=5))
    (shown,) = core.asked
    assert isinstance(shown, m.ShowCheck)
    assert shown.check == m.WordCheck(number=2, count=5)
    assert shown.until_ns > clock.now_ns() + seconds(check.AGAIN_S)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_nothing_is_said_to_the_wearer_before_somebody_answers_for_it(language: str) -> None:
    said: list[str] = []
    plan = planned(language=language)
    assert not check.is_agreed(plan, SHORT, lambda: "\n", said.append)
    assert not check.is_agreed(plan, SHORT, lambda: "no\n", said.append)
    assert check.is_agreed(plan, SHORT, lambda: LANGUAGES[language].agreed[0] + "\n", said.append)
    report = check.run(plan, Wearer(word_told), SHORT, said.append)
    assert report.verdict.right == 10
    assert "{" not in "\n".join([*said, *check.lines(report)])


def test_the_report_is_its_owner_s_also_in_place_of_a_file_that_was_everybody_s(tmp_path: Path) -> None:
    report = check.run(planned(5), Wearer(word_told), SHORT, lambda _line: None)
    there = tmp_path / "there.md"
    there.write_text("older")
    there.chmod(0o644)
    for path in (tmp_path / "check.md", there):
        check.write(path, report)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().startswith("# Message-passing check")
    with pytest.raises(PlaceError, match="name another file with --report"):
        check.write(tmp_path / "none/check.md", report)


def test_who_runs_it_is_told_at_once_whether_the_words_go_to_an_earphone() -> None:
    by_ear = check.About(by_ear=True)
    for about, told in ((by_ear, "go to the earphone"), (SHORT, "No earphone is set (voice.whisper_player)")):
        said: list[str] = []
        check.is_agreed(planned(), about, lambda: "no\n", said.append)
        assert told in said[0]


def test_the_words_go_to_the_ear_where_there_is_an_earphone() -> None:
    voice = Room()
    for to_ear in (False, True):
        rooms = check.Rooms(*(cast("Any", room) for room in (voice, Room(), Room())))
        check.Kit(rooms, "en", Hands(), lambda _s: None, to_ear=to_ear).tell("water")
    assert [one.to_ear for one in voice.asked if isinstance(one, m.Say)] == [False, True]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_report_says_when_with_what_and_how_patiently(language: str) -> None:
    about = check.About(
        began="2030-01-02T03:04:05+00:00", version="1.2", settings=("commit.pad_s = 0.5", 'language = "ru"')
    )
    report = check.run(planned(5, language), Wearer(word_told), about, lambda _line: None)
    text = "\n".join(check.lines(report))
    for part in ("2030-01-02T03:04:05", "1.2", "300", "45", 'commit.pad_s = 0.5; language = "ru"'):
        assert part in text


def test_a_check_that_may_not_begin_has_told_no_word() -> None:
    class Busy(Wearer):
        def show(self, check: m.WordCheck | None) -> None:
            raise Missing("something is being written")

    wearer = Busy(word_told)
    with pytest.raises(Missing, match="something is being written"):
        check.begin(planned(), wearer)
    assert wearer.told == []


def test_a_report_without_a_place_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    for path in (tmp_path / "none/check.md", tmp_path):
        with pytest.raises(PlaceError, match="name another file with --report"):
            check.can_be_written(path)
    check.can_be_written(tmp_path / "check.md")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("by", ["tell", "show"])
def test_a_kit_that_refuses_on_the_way_leaves_a_verdict(by: str) -> None:
    """Or a check that goes badly could be ended without a trace."""

    class Kit(Wearer):
        def tell(self, words: str) -> None:
            if by == "tell" and self.gone:
                raise Missing("the voice does not answer")
            super().tell(words)

        def show(self, check: m.WordCheck | None) -> None:
            if by == "show" and self.gone:
                raise Missing("the voice does not answer")
            super().show(check)

        @property
        def gone(self) -> bool:
            return len([one for one in self.shown if one and one.number == 4]) > 0

    said: list[str] = []
    report = check.run(planned(), Kit(word_told), SHORT, said.append)
    assert (report.stopped, report.left_early) == ("the voice does not answer", False)
    assert (report.verdict.right, report.verdict.unanswered) == ((3, 7) if by == "tell" else (4, 6))
    told = "The kit ended it early (the voice does not answer): what was not asked counts as not right."
    assert told in said
    assert told in list(check.lines(report))
