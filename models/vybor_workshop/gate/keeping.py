"""`gate.json`: each rule with its figure, and whether the growth may be published; read again before it is."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor_workshop import json_files
from vybor_workshop.evaluate import keeping as evaluations
from vybor_workshop.evaluate.evaluating import check, predecessor_of
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.gate import judging
from vybor_workshop.gate.judging import Account, Fixed, Judged, Past
from vybor_workshop.growth import Growth, read_told
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.remedies import Remedy

SCHEMA = 1
LARGEST_BYTES = 2**20
REMEDY = Remedy("judge it", "vybor-workshop gate")


class GateClosed(VyborError):
    """A rule does not hold, or what was judged is not what there is."""

    exit_code = 1


class GateError(VyborError):
    """What the gate was told, or has kept, is not understood."""

    exit_code = 65  # EX_DATAERR


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a growth may be published, and why."""

    schema: int = SCHEMA
    kit: str
    growth: int
    judged_at: str
    evaluation_sha256: str
    adapter_sha256: str
    """Of its weights…"""
    config_sha256: str
    """…and of its config."""
    predecessor: int
    before_knew: bool = False
    """It was not held against that one, which learned from what it was measured with, or from what was deleted."""
    passes: bool
    rules: tuple[Judged, ...]
    overridden: tuple[str, ...] = ()
    """Rules that did not hold, and that the owner named."""
    because: str = ""
    """Why, in the owner's words."""
    accounts: dict[Name, Account] = {}
    """How far each budgeted figure has come since the factory model, over all growths."""
    factory: Fixed


def judge(growth: Growth, home: Path, data: DataSet, override: Sequence[str] = (), because: str = "") -> Verdict:
    """Judge a growth and write that down; `override`: names of rules that need not hold.

    Raises VyborError; a closed gate is none, but a verdict.
    """
    if growth.published.exists() and _is_judged(growth):
        raise GateError(f"growth {growth.name} is published: what it was judged by stays; judge a later one")
    check(growth, home, data)
    its_sha256 = _sha256(growth.evaluation)  # before it is read: what is measured meanwhile is not what was judged
    evaluation = evaluations.read(growth.evaluation)
    _check_measured(growth, evaluation)
    before = predecessor_of(home, growth, data, "")
    if another := _against_another(growth, evaluation.predecessor, before):
        raise GateError(another)
    past = past_of(before)
    rules = judging.judged(evaluation, past, override)
    overridden = tuple(rule.rule for rule in rules if rule.overridden)
    verdict = Verdict(
        kit=growth.kit,
        growth=growth.number,
        judged_at=wall_time(),
        evaluation_sha256=its_sha256,
        adapter_sha256=evaluation.model.adapter_sha256,
        config_sha256=evaluation.model.config_sha256,
        predecessor=evaluation.predecessor,
        before_knew=evaluation.before_knew,
        passes=judging.passes(rules),
        rules=rules,
        overridden=overridden,
        because=because,
        accounts=judging.accounts(evaluation, past),
        factory=judging.fixed(evaluation, past, overridden),
    )
    json_files.write(growth.gate, verdict)
    return verdict


def past_of(before: Growth | None) -> Past:
    """What the predecessor's gate left behind. Raises VyborError without: losses could add up unseen."""
    if before is None:
        return Past()
    verdict = read(before.gate)
    return Past(verdict.accounts, verdict.factory)


def read(path: Path) -> Verdict:
    """Raises Missing, PlaceError and GateError."""
    return read_told(path, Verdict, SCHEMA, LARGEST_BYTES, REMEDY, GateError)


def passed(growth: Growth) -> Verdict:
    """The verdict of a growth that may be published: it passed, and is what was measured. Raises VyborError."""
    verdict = read(growth.gate)
    if (verdict.kit, verdict.growth) != (growth.kit, growth.number):
        raise GateClosed(f"{growth.gate} is of another growth; {REMEDY.anew}")
    if not verdict.passes:
        failed = ", ".join(rule.rule for rule in verdict.rules if not (rule.holds or rule.overridden))
        raise GateClosed(
            f"growth {growth.name} did not pass its gate ({failed}); see `vybor-workshop gate`, and retrain or "
            "override a rule by its name"
        )
    if verdict.evaluation_sha256 != _sha256(growth.evaluation):
        raise GateClosed(f"growth {growth.name} was measured anew since it was judged; {REMEDY.anew}")
    if (verdict.adapter_sha256, verdict.config_sha256) != _hashes(growth):
        raise GateClosed(
            f"the adapter of growth {growth.name} is not what was measured; {evaluations.REMEDY.anew}"
        )
    return verdict


def check_last(growth: Growth, verdict: Verdict, before: Growth | None) -> None:
    """Raise GateClosed where another one than it was held against was published meanwhile, or given up."""
    if another := _against_another(growth, verdict.predecessor, before):
        raise GateClosed(f"{another} and judge it anew")


def _against_another(growth: Growth, predecessor: int, before: Growth | None) -> str:
    """That it was measured against another one than stands before it now; empty: it was not."""
    last = before.number if before else 0
    if last == predecessor:
        return ""
    return (
        f"growth {growth.name} was measured against {_called(predecessor)}, and what was published last before it "
        f"is {_called(last)}; {evaluations.REMEDY.anew}"
    )


def _is_judged(growth: Growth) -> bool:
    """Whether there is a verdict; one that is lost or damaged may be passed again. Raises PlaceError."""
    try:
        read(growth.gate)
    except (Missing, GateError):
        return False
    return True


def _check_measured(growth: Growth, evaluation: Evaluation) -> None:
    if (evaluation.kit, evaluation.growth) != (growth.kit, growth.number):
        raise GateError(f"{growth.evaluation} is of another growth; {evaluations.REMEDY.anew}")
    if (evaluation.model.adapter_sha256, evaluation.model.config_sha256) != _hashes(growth):
        raise GateError(f"the adapter of growth {growth.name} is not what was measured; {evaluations.REMEDY.anew}")


def _hashes(growth: Growth) -> tuple[str, str]:
    found = evaluations.hashes(growth.adapter)
    return found.weights, found.config


def _called(number: int) -> str:
    return f"growth {number:04}" if number else "the factory model"


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(small_files.read(path, evaluations.LARGEST_BYTES)).hexdigest()
    except FileNotFoundError:
        raise Missing(f"there is no {path}; {evaluations.REMEDY.first}") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); {evaluations.REMEDY.anew}") from None
