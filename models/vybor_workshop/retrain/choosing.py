"""Which growth is meant."""

from pathlib import Path

from vybor.foundation.errors import Missing
from vybor_workshop import growth, meant
from vybor_workshop.growth import Growth
from vybor_workshop.kits.home import Home


def growth_of(home: Path, kit: str, number: str) -> Growth:
    """The growth of a kit, by its name or the beginning of its number; of the only one without. Raises Missing."""
    return growth.named(home, kit_of(home, kit), number)


def kit_of(home: Path, kit: str) -> str:
    """The number of the kit that is meant. Raises Missing."""
    wanted = meant.number_of(kit, Home(home).kits()) if kit else ""
    found = [number for number in kits(home) if number.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        which = f"the kit {kit}" if kit else "any kit"
        raise Missing(f"there are no examples of {which} in {home}; make some with `vybor-workshop dataset`")
    raise Missing(f"there are examples of more than one kit ({', '.join(found)}); name one")


def kits(home: Path) -> list[str]:
    """All kits that have growths."""
    folder = home / "grown"
    return sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []
