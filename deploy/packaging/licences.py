"""The copyright file of the package `vybor`: every library in it with its licence, as its own wheel says it.

It is made with the package, so that it stays true whatever wheels.lock holds. The licences' texts, as the wheels
bring them, lie beside it; a text that a wheel does not bring is one of Debian's own in /usr/share/common-licenses.
"""

import re
import shutil
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path

OWN = """\
Vybor, copyright the Vybor authors, is licensed under the Apache License, Version 2.0:
/usr/share/common-licenses/Apache-2.0, and NOTICE beside this file.

This package also holds the libraries below, unchanged but for tests and parts for other systems, which were left
out; each is under its own licence. They come from the Python Package Index, where each is found, with its source,
under its name and version. Their texts are in licences/ beside this file, or below /usr/lib/vybor/lib/python3.*/.

"""
TEXTS = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
"""What the files of licences and of attribution are called."""
NATIVE = {
    "SDL2": "Zlib",
    "FLAC": "BSD-3-Clause",
    "asound": "LGPL-2.1-or-later",
    "brotli": "MIT",
    "fluidsynth": "LGPL-2.1-or-later",
    "freetype": "FTL or GPL-2.0-or-later",
    "harfbuzz": "MIT",
    "jpeg": "IJG and BSD-3-Clause",
    "mpg123": "LGPL-2.1-or-later",
    "ogg": "BSD-3-Clause",
    "opus": "BSD-3-Clause",
    "png": "libpng-2.0",
    "portmidi": "MIT",
    "sharpyuv": "BSD-3-Clause",
    "sndfile": "LGPL-2.1-or-later",
    "tiff": "libtiff",
    "vorbis": "BSD-3-Clause",
    "wavpack": "BSD-3-Clause",
    "webp": "BSD-3-Clause",
    "xmp": "MIT",
    "z-": "Zlib",
}
"""Licences of the native libraries inside pygame-ce, whose wheel brings no texts; its project names them."""
COMMON = {"Apache": "Apache-2.0", "LGPL": "LGPL-2.1"}
"""Licences whose texts Debian has."""
ELSEWHERE = {
    "sqlcipher3": (
        "Zlib; inside it SQLCipher (BSD-3-Clause, Zetetic LLC), OpenSSL (Apache-2.0) and SQLite (public domain)",
        "",
    ),
    "mne_lsl": (
        "BSD-3-Clause; inside it liblsl (MIT, Christian A. Kothe, SCCN), with Boost (BSL-1.0) and pugixml (MIT)",
        "",
    ),
    "pylsl": ("MIT, Christian Kothe and Chadwick Boulay", "that of licences/tomlkit/ with their names in it"),
    "pyserial": ("BSD-3-Clause, Chris Liechti", "/usr/share/common-licenses/BSD with his name in it"),
    "pymorphy3-dicts-ru": (
        "MIT; the dictionary itself, OpenCorpora's, CC BY-SA 3.0",
        "licences/pymorphy3/, and http://creativecommons.org/licenses/by-sa/3.0/legalcode",
    ),
}
"""Licences and where their texts are, for wheels that name one in their description and bring none."""
UNTOLD = ("pygame_ce.libs",)
"""Folders of native libraries whose wheel says nothing of their licences."""


class Unlicensed(Exception):
    """A library whose wheel does not say how it is licensed."""


def write(site: Path, documents: Path) -> None:
    """Write `copyright` and `licences/` for the libraries in `site`. Raises Unlicensed."""
    entries = [_entry(info, site, documents / "licences") for info in sorted(site.glob("*.dist-info"))]
    native = [line for name in UNTOLD for line in _native(site / name)]
    text = OWN + "\n".join(entries)
    if native:
        text += "\nInside pygame-ce, which is under the LGPL 2.1 (/usr/share/common-licenses/LGPL-2.1):\n\n"
        text += "\n".join(native) + "\n"
    (documents / "copyright").write_text(text, encoding="utf-8")


def _entry(info: Path, site: Path, licences: Path) -> str:
    """One library: name, version, licence, and where its texts are; they are copied there."""
    told = message_from_string((info / "METADATA").read_text(encoding="utf-8", errors="replace"))
    name = f"{told['Name']} {told['Version']}"
    licence, elsewhere = ELSEWHERE.get(str(told["Name"]), (licence_of(told), ""))
    found = list(_texts(info))
    if not licence and not found:
        raise Unlicensed(f"the wheel of {name} names no licence; look it up before it is shipped")
    for path in found:
        place = licences / str(told["Name"]) / path.relative_to(info)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    lines = [name, f"  Licence: {licence or 'as in its text'}"]
    lines += [f"  Home: {home}" for home in [home_of(told)] if home]
    if found:
        lines.append(f"  Texts: licences/{told['Name']}/")
    elif inside := list(_texts(site / str(told["Name"]).lower().replace("-", "_"))):
        lines += [f"  Text: site-packages/{path.relative_to(site)}" for path in inside]
    elif elsewhere:
        lines.append(f"  Text: {elsewhere}")
    elif common := next((text for word, text in COMMON.items() if word in licence), ""):
        lines.append(f"  Text: /usr/share/common-licenses/{common}")
    else:
        raise Unlicensed(f"the wheel of {name} has no text of its licence ({licence}); look it up")
    return "\n".join(lines) + "\n"


def _texts(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            path
            for path in folder.rglob("*")
            if path.is_file()
            and TEXTS.search(str(path.relative_to(folder)))
            and path.suffix not in (".py", ".pyc")
        )


def licence_of(told: Message) -> str:
    """What a wheel's metadata says of its licence, in one line; empty if nothing."""
    if expression := told["License-Expression"]:
        return str(expression)
    classifiers = [str(one).rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if "License ::" in one]
    first = str(told["License"] or "").strip().partition("\n")[0].strip()
    short = first if len(first) < 60 and re.search(r"[A-Za-z]", first) and "copyright" not in first.lower() else ""
    return short or "; ".join(classifiers)


def home_of(told: Message) -> str:
    """Where a library's project is."""
    if home := told["Home-page"]:
        return str(home)
    urls = [str(url).partition(", ") for url in told.get_all("Project-URL", [])]
    named = {name.lower(): address for name, _, address in urls}
    return next((named[name] for name in ("homepage", "source", "repository", "source code") if name in named), "")


def _native(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("lib*")) if folder.is_dir() else []:
        name = path.name.removeprefix("lib")
        known = next((NATIVE[key] for key in NATIVE if name.startswith(key)), "")
        if not known:
            raise Unlicensed(f"{folder.name}/{path.name} is no library that we know the licence of; look it up")
        yield f"  {path.name}: {known}"
