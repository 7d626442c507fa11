"""What will be asked of the model next: each tile that can be chosen now leads to a prompt. Pure."""

from vybor.composer.folding import leaves
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision.choosing import chosen_from
from vybor.core.decision.offering import prompt_for
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding, resting

CHANCES = {
    Role.CANDIDATE: 0.1,
    Role.SPELLED: 0.1,
    Role.KEY: 0.15,
    Role.MORE: 0.05,
    Role.MENU: 0.01,
    Role.UNDO: 0.02,
}
"""How often a tile is chosen, about, where nobody gave its words a probability. Others change no prompt, or the
model has nothing to say to it (a single exact letter comes from a page of seven)."""


def prompts_ahead(state: Deciding, rules: Rules, at_ns: int) -> tuple[m.Prompt, ...]:
    """The likeliest prompts behind the tiles, each once, without the one that is asked now."""
    if resting(state) or state.writing.practice:
        return ()
    found: list[m.Prompt] = [state.prompt] if state.prompt else []
    asked = len(found)
    for tile in sorted(leaves(state.tiles), key=_chance, reverse=True):
        if tile.role not in CHANCES:
            continue
        after = chosen_from(state.page, tile, state.writing, rules.language).writing
        prompt = prompt_for(after, state.talk, rules, at_ns, 0)
        if not any(prompt.asks_the_same(known) for known in found):
            found.append(prompt)
    return tuple(found[asked:][: rules.look_ahead])


def _chance(tile: m.Tile) -> float:
    return CHANCES.get(tile.role, 0.0) if tile.p is None else tile.p
