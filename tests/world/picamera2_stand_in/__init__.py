"""A system's Python that has picamera2: the distribution's edge of the world."""

import site
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parents[1]


def system_python(where: Path, *, packages: tuple[Path, ...] = (HERE,)) -> str:
    """Make a Python in a folder, with `packages` to import from; returns its program.

    The stand-in draws with the kit's own NumPy and OpenCV, so those are within its reach too.
    """
    made = where / "python"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(made)
    (folder,) = made.glob("lib/python3*/site-packages")
    paths = [*packages, TESTS, TESTS.parent / "daemon", *site.getsitepackages()]
    (folder / "world.pth").write_text("".join(f"{path}\n" for path in paths))
    assert sys.prefix != str(made)
    return str(made / "bin" / "python3")


def picamera2_manner(manner: str) -> tuple[str, str]:
    """The environment variable that has the stand-in behave in a manner, and its value."""
    return "PICAMERA2_STAND_IN", manner
