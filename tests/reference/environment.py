"""Makes the environment that references are computed in: torch and transformers, of which the kit has neither.

    python tests/reference/environment.py

makes it under the cache, named by its pins (about a gigabyte, some minutes), and prints its Python. It is the one
that `vybor-workshop model build --reference` uses.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from vybor_workshop import cli
from vybor_workshop.model import reference


def python_of(environ: Mapping[str, str]) -> Path | None:
    """The environment's Python; None while it has not been made."""
    folder = reference.environment_folder(cli.default_cache(environ))
    return folder / "bin" / "python" if (folder / "ready").exists() else None


if __name__ == "__main__":
    print(reference.environment(cli.default_cache(os.environ), cli.say))
