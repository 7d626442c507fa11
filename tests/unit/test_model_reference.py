"""The measure that a model is held against its reference with."""

from pathlib import Path

import numpy as np
import pytest

from reference import environment
from vybor_workshop.environments import Environment, NoEnvironment
from vybor_workshop.model import reference
from vybor_workshop.model.reference import compared, log_shares

DICE = np.random.default_rng(0)
LOGITS = DICE.standard_normal((40, 30)).astype(np.float32)


def test_the_same_is_no_nats_away_and_agrees() -> None:
    found = compared(log_shares(LOGITS), log_shares(LOGITS + 5))
    assert found.kl == pytest.approx(0, abs=1e-6)
    assert (found.tokens, found.agreement) == (40, 1.0)
    assert "40 tokens" in found.told()
    assert "agreement 1.000" in found.told()


def test_two_coins() -> None:
    """KL of (1/2, 1/2) against (1/4, 3/4) is ln 2 - ln(3)/2 nats."""
    fair, bent = (np.log(np.array([shares], np.float32)) for shares in ([0.5, 0.5], [0.25, 0.75]))
    found = compared(fair, bent)
    assert found.kl == pytest.approx(np.log(2) - np.log(3) / 2, abs=1e-6)
    assert found.agreement == 0


def test_rows_for_no_token_take_no_part() -> None:
    more = np.concatenate([LOGITS, DICE.standard_normal((40, 5)).astype(np.float32) + 3], axis=1)
    assert compared(log_shares(more), log_shares(LOGITS)).kl == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
def test_an_environment_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(reference, "PINS", (("no-such-package==1.0",),))
    said: list[str] = []
    with pytest.raises(
        NoEnvironment, match=r"^pip could not install no-such-package==1.0 \(.*no-such-package.*check the network"
    ):
        reference.environment(tmp_path, said.append)
    assert said == ["installing no-such-package==1.0"]


def test_what_the_slow_tests_need_is_made_by_one_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Environment, "python", lambda self, cache, say: say(self.name) or cache / self.name)
    environment.main()
    told = capsys.readouterr()
    names = [Path(line).name for line in told.out.splitlines()]
    assert len(names) == 3
    assert [line.removeprefix("  ") for line in told.err.splitlines()] == names
