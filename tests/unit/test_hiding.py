"""What is deleted is taken out of rows that stay, a sentence of common words too; what stands elsewhere stays."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.record_writer import EVIDENCE
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.utterances.hiding import FORGOTTEN, Hidden, hidden, hiding, run_of

NO_WORDS = frozenset[str]()
GONE = "I want to go home"


def tile(label: str, grey: str = "", **about: object) -> m.OfferedTile:
    known = {"slot": 0, "role": Role.CANDIDATE, "source": m.Source.MODEL, "p": 0.1, "gaze_ms": 0.0}
    return m.OfferedTile(**{**known, **about}, label=label, grey=grey)  # type: ignore[arg-type]


def row(*shown: m.OfferedTile, **about: object) -> m.Decision:
    known = {"action": Action.TAKE, "slot": 0, "written": "", "text_before": "", "text_after": "tea", "offer": 1}
    known |= {"at_ns": 1, "session": "s", "number": 1, "evidence": EVIDENCE}
    return m.Decision(**{**known, **about}, shown=shown)  # type: ignore[arg-type]


def shown(decision: m.Decision) -> list[tuple[str, str]]:
    return [(one.label, one.grey) for one in decision.shown]


def of(*gone: str, stays: tuple[str, ...] = ("I want tea", "We go", "Is he at home", "Come to me")) -> Hidden:
    return hidden(gone, stays, NO_WORDS)


@pytest.mark.parametrize(
    ("label", "grey", "before", "expected"),
    [
        ("I want to go home.", "", "", (FORGOTTEN, "")),
        ("I want", "to go home", "", ("I want", FORGOTTEN)),
        ("Yes, go", "home", "", (FORGOTTEN, FORGOTTEN)),
        ("to", "go home", "I want", ("to", FORGOTTEN)),
        ("home", "", "I want to go", (FORGOTTEN, "")),
        ("home", "", "I am at", ("home", "")),
        ("want", "tea", "I", ("want", "tea")),
        ("tea", "", "I want to go home for", ("tea", "")),
    ],
)
def test_a_sentence_and_its_end_go_though_each_word_stays(
    label: str, grey: str, before: str, expected: tuple[str, str]
) -> None:
    decision = row(tile(label, grey), text_before=before)
    assert shown(hiding(decision, of(GONE))) == [expected]


def test_an_end_that_stays_elsewhere_is_no_secret_but_what_leads_to_it_is() -> None:
    what = of(GONE, stays=("We go home",))
    assert what.runs == {"to": (("to", "go", "home"),)}
    assert shown(hiding(row(tile("go", "home")), what)) == [("go", "home")]
    assert shown(hiding(row(tile("to", "go home")), what)) == [(FORGOTTEN, FORGOTTEN)]


def test_a_sentence_that_was_said_twice_stays_where_one_is_deleted() -> None:
    assert of(GONE, stays=("Thank you", "I want to GO home.")).is_empty
    assert of("Home").is_empty
    assert of().is_empty


def test_documents_members_and_what_was_said_beside_are_looked_at_and_the_kit_s_own_labels_are_not() -> None:
    what = hidden((GONE,), (), frozenset({"zelda"}))
    inner = tile(GONE, role=Role.SENTENCE)
    decision = row(
        tile("", role=Role.FOLD, members=(inner,)),
        tile("tea", origin="Letters to Zelda"),
        tile(GONE, role=Role.ANSWER),
        action=Action.REPEAT,
        said="I want to go home.",
        written="Zelda",
        text_before="tea",
    )
    found = hiding(decision, what)
    assert found.shown[0].members[0].label == FORGOTTEN
    assert (found.shown[1].label, found.shown[1].origin) == ("tea", FORGOTTEN)
    assert found.shown[2].label == GONE
    assert (found.said, found.written) == (FORGOTTEN, FORGOTTEN)


def test_what_the_text_of_the_row_has_is_told_as_it_is() -> None:
    what = hidden((), (), frozenset({"zelda"}))
    decision = row(text_before="I saw", text_after="I saw Zelda", written="Zelda")
    assert hiding(decision, what) is decision


@given(st.text(), st.text(), st.text(max_size=30), st.lists(st.text(max_size=30)))
def test_nothing_of_a_sentence_is_left_on_a_tile_unless_it_stays(
    label: str, grey: str, gone: str, stays: list[str]
) -> None:
    what = hidden((gone,), stays, NO_WORDS)
    first = hiding(row(tile(label, grey), tile(gone, role=Role.SENTENCE)), what)
    assert hiding(first, what) == first
    whole, others = run_of(gone), [run_of(one) for one in stays]
    is_elsewhere = any(other[at : at + len(whole)] == whole for other in others for at in range(len(other)))
    assert (first.shown[1].label == FORGOTTEN) == (len(whole) > 1 and not is_elsewhere) or gone == FORGOTTEN


def test_rows_that_are_as_before_are_the_very_same() -> None:
    decision = row(tile("tea"))
    assert hiding(decision, of(GONE)) is decision
    assert msgspec.structs.replace(decision) is not decision
