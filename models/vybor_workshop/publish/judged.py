"""What publishing reads of a growth's gate: whether it passed. The gate itself is vybor_workshop.gate's."""

import math
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import PlaceError
from vybor_workshop.publish.queue import NotPublished

LARGEST_BYTES = 2**20


class Rule(msgspec.Struct, frozen=True):
    """One rule and what came of it."""

    rule: str
    holds: bool
    value: float | None = None
    overridden: bool = False


class Gate(msgspec.Struct, frozen=True):
    """`gate.json`, as far as it is read here."""

    rules: tuple[Rule, ...]
    adapter_sha256: str = ""
    """Of the weights that were measured; empty where the gate does not say."""

    @property
    def failed(self) -> list[str]:
        """The rules that do not hold, and that nobody has overridden."""
        return [rule.rule for rule in self.rules if not (rule.holds or rule.overridden)]

    @property
    def figures(self) -> dict[str, float]:
        """What was measured, by rule; what cannot be told in JSON is left out."""
        return {
            rule.rule: rule.value for rule in self.rules if rule.value is not None and math.isfinite(rule.value)
        }


def read(path: Path) -> Gate:
    """Raises NotPublished where there is none, or it says nothing; PlaceError."""
    try:
        gate = msgspec.json.decode(small_files.read(path, LARGEST_BYTES), type=Gate)
    except FileNotFoundError:
        raise NotPublished(
            f"the growth {path.parent.name} has not been through the gate; `vybor-workshop gate` judges it"
        ) from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); see that it is yours") from None
    except NOT_UNDERSTOOD as error:
        raise NotPublished(f"{path} says nothing that this version knows ({error}); judge it again") from None
    if not gate.rules:
        raise NotPublished(f"{path} has no rules; judge the growth again with `vybor-workshop gate`")
    return gate
