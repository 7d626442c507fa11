"""Fits on the disk: `fit.json` and `numbers.json` in a folder each, and which of them the kit goes on with."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.bundles import numbers as bundled
from vybor.bundles.manifest import Kind
from vybor.bundles.refusals import Refused
from vybor.contracts.messages import Became
from vybor.contracts.numbers import Numbers
from vybor.foundation import small_files
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor_workshop import growth as growing
from vybor_workshop import json_files
from vybor_workshop.evaluate.evaluating import went_out
from vybor_workshop.growth import Growth
from vybor_workshop.personal.fit import SCHEMA, Fit
from vybor_workshop.publish import record
from vybor_workshop.remedies import Remedy

FIT = "fit.json"
LARGEST_BYTES = 2**18
REMEDY = Remedy("fit it", "vybor-workshop personal fit")


class FitError(VyborError):
    """A file of a fit says something else than it should."""

    exit_code = 65  # EX_DATAERR


def keep(home: Path, fit: Fit, numbers: Numbers) -> Growth:
    """Put a fit where fits are, whole or not at all. Raises PlaceError, AddressInUse, Absurd."""
    content = bundled.written(numbers)
    fit = msgspec.structs.replace(fit, numbers_sha256=hashlib.sha256(content).hexdigest())
    with growing.making(home, fit.kit, fit.kind) as folder:
        try:
            small_files.write_bytes(folder / bundled.FILE, content, 0o600, is_synced=True)
        except OSError as error:
            raise PlaceError(f"{folder} cannot be written ({error.strerror}); see that there is room") from None
        json_files.write(folder / FIT, fit)
    return growing.growths(home, fit.kit, fit.kind)[-1]


def named(home: Path, kit: str, kind: Kind, number: str) -> Growth:
    """The fit of this number, the newest without one. Raises Missing."""
    found = growing.growths(home, kit, kind)
    if not found:
        raise Missing(f"nothing of {kind} was fitted for the kit {kit} yet; {REMEDY.first}")
    if not number:
        return found[-1]
    for each in found:
        if number.isdecimal() and each.number == int(number):
            return each
    raise Missing(f"the kit {kit} has no fit {number} of {kind}; it has {', '.join(each.name for each in found)}")


def read(where: Growth) -> Fit:
    """Raises Missing, PlaceError, FitError."""
    fit = growing.read_told(where.folder / FIT, Fit, SCHEMA, LARGEST_BYTES, REMEDY, FitError)
    if (fit.kit, fit.kind) != (where.kit, where.folder.parent.name):
        raise FitError(
            f"{where.folder} is a fit of {fit.kind} of the kit {fit.kit}, and lies among others; put it back "
            "where it belongs"
        )
    return fit


def numbers_of(where: Growth, fit: Fit) -> tuple[Numbers, bytes]:
    """What was fitted, and its bytes: those that were judged. Raises Missing, PlaceError, FitError."""
    path = where.folder / bundled.FILE
    try:
        content = small_files.read(path, LARGEST_BYTES)
        numbers = bundled.read(fit.kind, content)
    except FileNotFoundError:
        raise Missing(f"there is no {path}; {REMEDY.anew}") from None
    except OSError as error:
        raise PlaceError(f"{path} cannot be read ({error.strerror}); see that it is yours") from None
    except Refused as error:
        raise FitError(f"{path}: {error}") from None
    if hashlib.sha256(content).hexdigest() != fit.numbers_sha256:
        raise FitError(f"{path} is not what was judged; {REMEDY.anew}")
    return numbers, content


def predecessor(home: Path, kit: str, kind: Kind, became: Mapping[int, Became], base: str) -> Growth | None:
    """The fit that was published last and that the kit has not given up; None: everybody's numbers hold."""
    worn: list[tuple[int, Growth]] = []
    for each in growing.growths(home, kit, kind):
        its, serial = record.of_growth(each), went_out(each, became)
        if its is not None and serial is not None and its.base == base:
            worn.append((serial, each))
    return max(worn)[1] if worn else None
