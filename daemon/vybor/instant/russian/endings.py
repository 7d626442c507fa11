"""The forms of the word that was written last, in the order in which they are likely meant. Pure.

What the clause asks for comes first, then what is likelier there by the word list, then what is commoner at all.
"""

from collections.abc import Callable, Sequence

from vybor.composer.endings import word_at_end
from vybor.instant.russian.clause import clause_of, suits
from vybor.instant.russian.morphology import Form, Morphology
from vybor.instant.tokens import fold

Chances = Callable[[str, Sequence[str]], Sequence[float]]
"""How likely each of these words is behind a text."""

Agreeing = Callable[[str, str], str]
"""Behind a text, the form of a word that agrees."""


def forms_of_last(text: str, morphology: Morphology, chances: Chances, agreeing: Agreeing) -> tuple[str, ...]:
    """The other forms of the text's last word; none behind a mark or a word that has no other."""
    word = word_at_end(text)
    before = text[: len(text) - len(word)].rstrip(" ")
    forms: dict[str, list[Form]] = {}
    for form in morphology.forms(word) if word else ():
        forms.setdefault(fold(form.word), []).append(form)
    forms.pop(fold(word), None)
    clause = clause_of(before, morphology)
    fits = {
        folded: any(suits(form, clause) for form in same) and fold(agreeing(before, folded)) == folded
        for folded, same in forms.items()
    }
    likely = dict(zip(forms, chances(before, tuple(forms)), strict=True))
    ranked = sorted(forms, key=lambda folded: (fits[folded], likely[folded]), reverse=True)
    return tuple(forms[folded][0].word for folded in ranked)
