"""The packages under test, and why there may be none."""

import os
import sys
from pathlib import Path

from world import rootfs

FOLDER = os.environ.get("VYBOR_PACKAGES_FOR_TESTS", "")
LACK = rootfs.missing() or ("" if FOLDER else "deploy/test builds the packages; run it through that")


def packages() -> list[Path]:
    """Both packages, as deploy/package built them."""
    return sorted(Path(FOLDER).glob("*.deb"))


def suite() -> str:
    """The distribution whose Python is this one: the stand-ins run with this machine's libraries."""
    return rootfs.SUITES[sys.version_info[:2]]
