"""axe-core, which finds what keeps people out of a page. MPL-2.0: fetched for the tests, never part of ours."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from world.chromium import Chromium

PACKAGE, VERSION = "axe-core", "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""Of the package, as npm says it (`npm view axe-core@4.14.1 dist.integrity`)."""
MEMBER = "package/axe.min.js"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vybor" / f"{PACKAGE}-{VERSION}.tgz"
FETCH_S = 120
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
"""Levels A and AA of each version of WCAG."""


class NoAxe(Exception):
    """It is not here, and cannot be fetched."""


def script() -> str:
    """Its program, out of the cache or by npm; nothing but these very bytes is run. Raises NoAxe."""
    if not CACHE.exists():
        _fetch()
    if base64.b64encode(hashlib.sha512(CACHE.read_bytes()).digest()).decode() != SHA512:
        CACHE.unlink()
        raise NoAxe(f"what npm gave for {PACKAGE} {VERSION} is another package")
    with tarfile.open(CACHE) as tar:
        found = tar.extractfile(MEMBER)
        assert found
        return found.read().decode()


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoAxe("there is no npm")
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=FETCH_S, cwd=folder)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoAxe(f"npm cannot fetch {PACKAGE}: {type(error).__name__}") from None
        (fetched,) = Path(folder).glob("*.tgz")
        fetched.replace(CACHE)


def violations(browser: Chromium, program: str) -> list[str]:
    """What the page that stands there violates: rule and place each."""
    browser.run(f"{program};0")
    told = browser.run(
        f"axe.run(document, {{runOnly: {json.dumps(LEVELS)}, resultTypes: ['violations']}}).then((found) => "
        "found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target} ${node.html}`)))"
    )
    assert isinstance(told, list)
    return [str(each) for each in told]
