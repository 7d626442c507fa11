"""Makes the environments that torch runs in, of which the kit has none: references, trainings, many trainings.

    python tests/reference/environment.py

makes them under the cache, named by their pins (three gigabytes, some minutes), and prints their Pythons. They are
those that `vybor-workshop model build --reference` and `vybor-workshop retrain` use.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from vybor.foundation.progress import on_stderr
from vybor_workshop import cli
from vybor_workshop.model import reference
from vybor_workshop.retrain.torch import QUEUES, TRAINS


def python_of(environ: Mapping[str, str]) -> Path | None:
    """The Python of the references' environment; None while it has not been made."""
    folder = reference.environment_folder(cli.default_cache(environ))
    return folder / "bin" / "python" if (folder / "ready").exists() else None


def main() -> None:
    """Make what is not there yet."""
    cache = cli.default_cache(os.environ)
    print(reference.environment(cache, on_stderr))
    print(TRAINS.python(cache, on_stderr))
    print(QUEUES.python(cache, on_stderr))


if __name__ == "__main__":
    main()
