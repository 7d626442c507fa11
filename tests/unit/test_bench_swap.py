"""The bench of versions that are put on: what was refused is no quick swap."""

from types import SimpleNamespace
from typing import cast

import pytest

from benches import swap as bench
from vybor.contracts import messages as m
from vybor.foundation.errors import Missing


def writer(*replies: m.AnyReply) -> bench.Writer:
    """One whom the kit answers so, in turn."""
    each = iter(replies)
    made = bench.Writer.__new__(bench.Writer)
    vars(made).update(answers=[], asked=lambda who, make, **wish: next(each), for_s=lambda duration_s: [])
    return made


def test_a_version_that_is_refused_is_no_swap() -> None:
    done = cast(m.AnyReply, SimpleNamespace())
    told = bench.swaps(writer(done, done, done, done), "on", (0, 2), 2)
    assert set(told) == {"swap_ms.on", "longest_wait_ms.on"}
    refused = m.Refused(request="r", reason="there is no room")
    with pytest.raises(Missing, match="version 2 was not put on: there is no room"):
        bench.swaps(writer(done, refused), "on", (0, 2), 2)
