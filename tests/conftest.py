"""What holds for all tests."""

import gc
import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import settings

# Byte code is kept whatever the shell says: else every worker compiles four hundred modules of tests, and each of
# some hundred processes that the tests start all of its own.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# An example that takes long on a busy machine is no fault: of Hypothesis's profiles only that of `deploy/test`
# without --full knows that by itself.
settings.register_profile("unhurried", settings.get_profile("default"), deadline=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("unhurried")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without the collector of garbage, and keep it off the half million objects that stay.

    It took a third of the time that finding all tests takes, and looked at them again and again while they ran.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
