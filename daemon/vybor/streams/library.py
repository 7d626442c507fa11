"""liblsl, loaded when it is wanted: pylsl binds it, and the wheel of mne-lsl has it for x86-64 and ARM."""

import os
from functools import cache
from importlib import util
from pathlib import Path
from types import ModuleType

from vybor.foundation.errors import Missing

BINDING_LOOKS = "PYLSL_LIB"
"""Where pylsl is told of its library."""
QUIET = "[log]\nlevel = -1\n"
REMEDY = "install the packages pylsl and mne-lsl anew"


class LibraryMissing(Missing):
    """Lab Streaming Layer cannot be spoken here."""


@cache
def loaded() -> ModuleType:
    """The binding. Raises LibraryMissing where it cannot be."""
    if BINDING_LOOKS not in os.environ and (there := bundled()):
        os.environ[BINDING_LOOKS] = str(there)
    try:
        import pylsl  # noqa: PLC0415  (a native library: only once a stream is wanted)
    except ImportError:
        raise LibraryMissing(f"Lab Streaming Layer needs pylsl, which is not installed; {REMEDY}") from None
    except RuntimeError as error:
        said = str(error).split("\n", 1)[0].strip()
        raise LibraryMissing(f"Lab Streaming Layer does not load here ({said}); {REMEDY}") from None
    binding: ModuleType = pylsl
    _quieten(binding)
    return binding


def keep_here() -> bool:
    """Let what is sent be found on this machine alone, unless somebody has set it up; returns whether it is so.

    Only before anything is sent or looked for: liblsl reads its settings once.
    """
    if _is_set_up():
        return False
    loaded().lib.lib.lsl_set_config_content(f"{QUIET}[multicast]\nResolveScope = machine\n".encode())
    return True


def _quieten(binding: ModuleType) -> None:
    """Have it log what is wrong alone, unless somebody has set it up: settings in a file are theirs."""
    if not _is_set_up():
        binding.lib.lib.lsl_set_config_content(QUIET.encode())


def _is_set_up() -> bool:
    files = (Path("lsl_api.cfg"), Path.home() / "lsl_api/lsl_api.cfg", Path("/etc/lsl_api/lsl_api.cfg"))
    return "LSLAPICFG" in os.environ or any(file.exists() for file in files)


def bundled() -> Path | None:
    """The library in mne-lsl's wheel. None of its Python is imported: that would want all of MNE."""
    found = util.find_spec("mne_lsl")
    for folder in found.submodule_search_locations or () if found else ():
        for library in sorted(Path(folder).glob("lsl/lib/liblsl.so*")):
            return library
    return None
