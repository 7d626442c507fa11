"""What is known of the letters of the next word: exact ones, or of each only the group that it stands in. Pure.

Apostrophes and hyphens are in no group: who looks at groups of letters leaves them out, and `don't` is reached by
d, o, n and t.
"""

import re

import msgspec

from vybor.generator.ngram_tokens import fold

SKIPPED = "'-"
_SKIP = str.maketrans("", "", SKIPPED)


class Pattern(msgspec.Struct, frozen=True):
    """Folded letters: a word begins with all of `prefix`, or with one letter of each of `groups`."""

    prefix: str = ""
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, prefix: str, groups: tuple[str, ...]) -> "Pattern":
        """Fold what the person chose; raises ValueError for both at once."""
        if prefix and groups:
            raise ValueError("letters are known exactly or by their groups, not both")
        return cls(fold(prefix), tuple("".join(dict.fromkeys(fold(group))) for group in groups))

    @property
    def is_open(self) -> bool:
        """Whether every word fits."""
        return not (self.prefix or self.groups)

    def fits(self, folded: str) -> bool:
        """Whether a folded word can be meant."""
        if not self.groups:
            return folded.startswith(self.prefix)
        letters = folded.translate(_SKIP)
        return len(letters) >= len(self.groups) and all(
            letter in group for letter, group in zip(letters, self.groups, strict=False)
        )

    @property
    def glob(self) -> str:
        """The groups as SQLite's GLOB has them, for words without what is skipped."""
        sets = (re.sub(r"[\]\[*?^-]", "", group) for group in self.groups)
        return "".join(f"[{letters}]" for letters in sets) + "*"


EVERY_WORD = Pattern()
