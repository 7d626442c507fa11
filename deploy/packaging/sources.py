"""What the packages are made from, and the version that follows from it."""

import hashlib
import os
import re
import subprocess
from pathlib import Path
from subprocess import DEVNULL, PIPE

ROOT = Path(__file__).parents[2]
PACKAGED = (
    "daemon",
    "models",
    "systemd",
    "firmware_config",
    "deploy",
    "pyproject.toml",
    "README.md",
    "NOTICE",
    "LICENSE",
)
"""A change elsewhere makes no new version."""
VERSION = re.compile(r"\d[A-Za-z0-9.+~]*")
"""deb-version(7), without a revision, which a native package has not."""


def git(*arguments: str) -> str:
    """What git says of this tree; nothing where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=ROOT,
            env={**os.environ, "TZ": "UTC"},
            stdout=PIPE,
            stderr=DEVNULL,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def names() -> list[str]:
    """The names of all files that the packages are made from."""
    listed = git("ls-files", "-co", "--exclude-standard", *PACKAGED).splitlines()
    if not listed:
        found = (path for name in PACKAGED for path in ((ROOT / name), *(ROOT / name).rglob("*")))
        listed = [str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts]
    return sorted(name for name in set(listed) if (ROOT / name).is_file())


def contents() -> "hashlib._Hash":
    """A hash of all these files."""
    told = hashlib.sha256()
    for name in names():
        told.update(name.encode() + (ROOT / name).read_bytes())
    return told


def version_of(own: str) -> str:
    """The project's version, and what rises with each change of what is packaged: the commit's time in UTC.

    Without git there is the project's version alone. A tree with changes that are not committed says so; two such
    builds may be in the wrong order, and install.sh looks at what is inside.
    """
    commit = git("log", "-1", "--date=format-local:%Y%m%d%H%M%S", "--format=%cd.%h", "--", *PACKAGED)
    if not commit:
        return own
    dirty = git("status", "--porcelain", "--", *PACKAGED)
    return f"{own}+git{commit}{f'.dirty{contents().hexdigest()[:6]}' if dirty else ''}"
