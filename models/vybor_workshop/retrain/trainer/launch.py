"""Started as a script: makes a package of the folder that it lies in, and runs it.

So the modules beside it can name each other, and none of them is taken for a library of torch's environment.
"""

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAME = "vybor_trainer"


def package() -> None:
    """Let the modules of this folder be imported as a package's."""
    spec = importlib.util.spec_from_file_location(
        NAME, HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{HERE} is no package")
    sys.modules[NAME] = made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)


def run(module: str) -> None:
    """Call the `main` of a module of this folder with the rest of the command line."""
    package()
    importlib.import_module(f"{NAME}.{module}").main(sys.argv[2:])


if __name__ == "__main__":
    run(sys.argv[1])
