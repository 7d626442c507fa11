"""How many bits a choice says: the surprise of the chosen tile, under the offer and the kit's own prior.

    bits of a choice         -log2 P(tile | offer)
    bits of the person       the sum over the choices that a piece of text took (those that were undone apart)
    bits of its letters      characters * log2(signs of the language)
    bits of the kit          the letters' bits that the person did not have to supply, piece by piece, at least 0
    the person's share       1 - bits of the kit / bits of the letters

The first line is Shannon's self-information (1948), and by the chain rule the sum is that of the whole path;
Dasher counts the same of its arithmetic code (Ward, Blackwell and MacKay 2000). The third is Shannon's F0 (1951):
the text as somebody would spell it for whom no letter is likelier than another. deploy/decisions/0026 says what
that flatters.

P comes from what stood on the tiles. A tile with words has the probability that its tier gave it, less that of the
tiles which go on from it: who means those takes them, but for the few who overlook them. All that is left over is
shared evenly by the other tiles, of which nothing is known. A choice that eyes and body alone did not make
likelier than all others says nothing of the person: the language model may have made it.
"""

import math
from collections.abc import Mapping, Sequence

from vybor.composer.letters import GROUPS
from vybor.composer.offer import OVERLOOKED
from vybor.composer.runs import OF_ITSELF
from vybor.contracts import messages as m
from vybor.contracts.messages import Source

LEAST_FOR_OTHERS = 0.05
"""What words promise together may come to more than all: so much is left for tiles that have no words."""
LEAST_P = 1e-6
SUPPORTED = 0.5
"""From here on the evidence alone makes one tile likelier than all others together."""


def chances(shown: Sequence[m.OfferedTile]) -> dict[int, float]:
    """How likely each slot was to be chosen before anybody looked; they sum to 1.

    A fold is as likely as all that it stands for: opening it and then choosing say no more than choosing.
    """
    if not shown:
        return {}
    alone = _chances([each for tile in shown for each in tile.members or (tile,)])
    return {tile.slot: sum(alone[each.slot] for each in tile.members or (tile,)) for tile in shown}


def _chances(shown: Sequence[m.OfferedTile]) -> dict[int, float]:
    words = _taken({tile.slot: (tile.label, p) for tile in shown if (p := _own_p(tile)) is not None})
    others = [tile.slot for tile in shown if tile.slot not in words]
    room = 1 - LEAST_FOR_OTHERS if others else 1.0
    promised = sum(words.values())
    scale = room / promised if promised > room or not others else 1.0
    found = {slot: p * scale for slot, p in words.items()}
    left = 1 - sum(found.values())
    return found | {slot: left / len(others) for slot in others}


def surprise(decision: m.Decision) -> float:
    """Bits of the choice, whoever made it: 0 where the record has no offer."""
    p = chances(decision.shown).get(decision.slot)
    return 0.0 if p is None else math.log2(1 / p)


def is_supported(decision: m.Decision) -> bool:
    """Whether eyes and body made this tile likelier than all others, without the language model's prior."""
    return decision.evidence.posterior_without_prior >= SUPPORTED


def of_person(decision: m.Decision) -> float:
    """Bits that the person supplied with this choice."""
    return surprise(decision) if is_supported(decision) else 0.0


def of_letters(characters: int, language: str) -> float:
    """Bits of so many characters, each of which could be any letter or the space."""
    return characters * math.log2(signs(language))


def signs(language: str) -> int:
    """Letters of the language as the kit has them, and the space; those of English where it has none."""
    return len(set("".join(GROUPS.get(language, GROUPS["en"])))) + 1


def _own_p(tile: m.OfferedTile) -> float | None:
    """What a tier gave to the words; of grey words taken up, what came true of such (composer/runs.py)."""
    if tile.source is Source.REST_OF_TAKEN:
        return OF_ITSELF
    return None if tile.p is None else min(1.0, max(LEAST_P, tile.p))


def _taken(words: Mapping[int, tuple[str, float]]) -> dict[int, float]:
    """How likely each tile is to be taken: who means a longer one takes it, or overlooks it."""
    shorter = {slot: _nearest_shorter(label, words) for slot, (label, _) in words.items()}
    meant = {
        slot: max(LEAST_P, p - sum(words[other][1] for other, under in shorter.items() if under == slot))
        for slot, (_, p) in words.items()
    }
    taken = dict.fromkeys(words, 0.0)
    for slot, p in meant.items():
        under = shorter[slot]
        taken[slot] += p if under is None else p * (1 - OVERLOOKED)
        if under is not None:
            taken[under] += p * OVERLOOKED
    return taken


def _nearest_shorter(label: str, words: Mapping[int, tuple[str, float]]) -> int | None:
    """The slot of the longest other words that these begin with."""
    begins = [slot for slot, (other, _) in words.items() if label.startswith(f"{other} ")]
    return max(begins, key=lambda slot: len(words[slot][0]), default=None)
