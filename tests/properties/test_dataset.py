"""Whatever a person does in whatever order: nothing that is not theirs to be learned comes into examples."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.dataset_person import KIT, Person, base
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode
from vybor.segments.rows import Span
from vybor.utterances.following import Following as KitFollowing
from vybor.utterances.provenance import Origin
from vybor_workshop.dataset import examples, making
from vybor_workshop.dataset.examples import Example, Part
from vybor_workshop.dataset.following import Chosen, Following
from vybor_workshop.dataset.making import Split, TooFew

PRIVATE = {"learn": False}
DOES = ("take", "take", "take", "spell", "phrase", "speak", "speak", "speak", "undo", "undo", "repair", "clear")
BACK = ("undo", "repair")
HOW = (*[None] * 14, PRIVATE, {"incognito": True}, {"mode": Mode.FITTING}, "deleted", {"sure": 0.2})


class Life(Person):
    """Every word is said once, so that it is known wherever it turns up."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted: list[Span] = []
        self.forbidden: set[str] = set()
        """Words of rows that may not be learned."""

    def does(self, what: str, how: object) -> None:
        """One choice, if there is anything to choose so."""
        about: dict[str, object] = {"context": m.Context(lately=3)}
        about |= how if isinstance(how, dict) else {}
        before = len(self.rows)
        self._does(what, about)
        if len(self.rows) == before or not (how == "deleted" or {"learn", "incognito", "mode"} & about.keys()):
            return
        if what not in BACK:
            self.forbidden |= set(self.rows[-1].decision.written.split())
        if how == "deleted":
            self.deleted.append(Span(self.boot, len(self.rows), len(self.rows)))

    def _does(self, what: str, about: dict[str, object]) -> None:
        word = f"w{len(self.rows)}x"
        match what:
            case "take":
                self.take(f"{word} {word}y" if len(self.rows) % 3 == 0 else word, **about)
            case "spell":
                self.spell(word, **about)
            case "phrase":
                self.phrase(f"{word} {word}z", **about)
            case "speak" if self.text:
                self.speak(**about)
            case "clear" if self.text:
                self.choose(Action.CLEAR, "", **about)
            case "undo" if self._past:
                self.undo(**about)
            case "repair" if self._past and not self.text:
                self.repair(**about)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    life = Life()
    for what, how in draw(
        st.lists(st.tuples(st.sampled_from(DOES), st.sampled_from(HOW)), min_size=8, max_size=60)
    ):
        life.does(what, how)
    if life.text:
        life.choose(Action.CLEAR, "")
    return life


def examples_of(life: Life) -> tuple[Example, ...]:
    """With the last sentences of one who is always understood, so that there is enough."""
    later = Person(boot=2)
    for each in ("the one", "the two", "the three"):
        later.say(each)
    return making.made(KIT, [*life.rows, *later.rows], life.deleted, base(), Split(least=1)).examples


def words_of(example: Example) -> set[str]:
    """All of them: what was said before, the text, and what was offered and chosen."""
    chosen = (shown.label for choice in example.choices for shown in choice.shown if shown.chosen)
    header = example.header.replace("<|im_start|>", " ").replace("<|im_end|>", " ").replace(".", " ")
    return set(" ".join((header, example.text, *chosen)).split())


def stands_at_the_end(life: Life) -> set[str]:
    """Words of sentences that were spoken and not taken back, by the kit's own text, with all rows there."""
    past: list[tuple[str, bool]] = []
    text = ""
    for row in life.rows:
        decision = row.decision
        if decision.action in (Action.UNDO, Action.REPAIR):
            text, _ = past.pop()
        else:
            past.append((text, decision.action is Action.SPEAK))
            text = decision.text_after
    return {word for said, was_spoken in past if was_spoken for word in said.split()}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lives())
def test_no_text_of_a_row_that_may_not_be_learned_comes_into_examples(life: Life) -> None:
    for example in examples_of(life):
        assert not words_of(example) & life.forbidden


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lives())
def test_what_was_undone_or_repaired_comes_into_none(life: Life) -> None:
    standing = stands_at_the_end(life) | {"the", "one", "two", "three"}
    taken_back_unseen = {
        word
        for row in life.rows
        if row.decision.action in (Action.UNDO, Action.REPAIR) and is_unread(life, row)
        for word in row.decision.text_after.split()
    }
    for example in examples_of(life):
        assert words_of(example) <= standing | taken_back_unseen


def is_unread(life: Life, row: Chosen) -> bool:
    """The kit does not tell of it, so nobody at the workstation can know."""
    decision = row.decision
    is_deleted = any(span.first == row.sequence for span in life.deleted)
    return is_deleted or not decision.learn or decision.incognito or decision.mode is Mode.FITTING


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lives(), st.sets(st.integers(1, 60), max_size=5))
def test_who_brought_each_character_is_what_the_kit_says(life: Life, missing: set[int]) -> None:
    """Also where rows are missing: the two walks are one."""
    here, kit = Following(), KitFollowing()
    for row in life.rows:
        if row.sequence in missing:
            continue
        spoken = len(here.sentences)
        here.tell(row)
        said = [stretch.origin for stretch in kit.tell(row.decision) for _ in stretch.text]
        for sentence in here.sentences[spoken:]:
            assert list(sentence.origins) == said[: len(sentence.text)]
            for origin, writer in zip(sentence.origins, sentence.writers, strict=True):
                assert writer is not None or origin is Origin.UNKNOWN


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lives())
def test_weights_lie_where_text_was_taken(life: Life) -> None:
    sure = {
        word: row.decision.evidence.posterior_without_prior
        for row in life.rows
        if row.decision.action is Action.TAKE
        for word in row.decision.written.split()
    }
    for example in examples_of(life):
        if example.boot != 1:
            continue
        taught = "".join(example.text[span.first : span.end] + "|" for span in example.weights)
        for word in taught.replace("|", " ").split():
            assert word in sure, "a whole word of one row"
            assert sure[word] >= 0.5
        for word in example.text.split():
            assert (word in taught) == (sure[word] >= 0.5)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lives(), st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_no_part_has_a_row_before_one_of_an_earlier_part(life: Life, early: float, held: float) -> None:
    later = Person(boot=2, day="1999-01-01")
    for each in ("the one", "the two", "the three"):
        later.say(each)
    rows = [*life.rows, *later.rows]
    found = making.made(KIT, rows, life.deleted, base(), Split(least=1, early=early, held=held)).examples
    by_part = [[each.place for each in found if each.part is part] for part in Part]
    assert all(by_part), "each has some"
    places = [place for part in by_part for place in part]
    assert places == sorted(set(places)), "wall time says nothing"
    assert examples.parsed(examples.lines(found), "the file") == found


@given(lives(), st.integers(3, 40))
def test_there_are_as_many_as_were_asked_for_or_none(life: Life, least: int) -> None:
    try:
        found = making.made(KIT, life.rows, life.deleted, base(), Split(least=least)).examples
    except TooFew:
        return
    assert len(found) >= least
