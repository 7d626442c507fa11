"""How a step of the workstation is done, and done once more: what was never done cannot be done anew. Pure."""

from typing import NamedTuple


class Remedy(NamedTuple):
    """A step, as sentences name it."""

    does: str
    by: str

    @property
    def first(self) -> str:
        """Where it was never done."""
        return f"{self.does} with `{self.by}`"

    @property
    def anew(self) -> str:
        """Where what it made is of no use any more."""
        return f"{self.does} anew with `{self.by}`"
