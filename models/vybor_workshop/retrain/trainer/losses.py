"""What is learned of a row: its text where that was truly taken, what was chosen, and not to forget."""

from typing import NamedTuple

import torch

from .branches import Row
from .given import Objective, Settings
from .network import Before, shares


class Sizes(NamedTuple):
    """What a row weighs on average, so that each token weighs the same in whichever row it stands."""

    own: float
    general: float
    choices: float


class Parts(NamedTuple):
    """The parts of a step's loss, nats a token (of choices: nats a choice)."""

    own: torch.Tensor
    listwise: torch.Tensor
    general: torch.Tensor
    kl: torch.Tensor

    def whole(self, settings: Settings) -> torch.Tensor:
        """What is made smaller."""
        kept = settings.general_weight * self.general + settings.kl_weight * self.kl
        if settings.objective is Objective.SFT:
            return self.own + kept
        return settings.sft_weight * self.own + self.listwise + kept


def sizes(own: list[Row], general: list[Row]) -> Sizes:
    """Of all rows together."""
    return Sizes(
        own=sum(sum(row.weights) for row in own) / max(len(own), 1),
        general=sum(sum(row.weights) for row in general) / max(len(general), 1),
        choices=sum(choice.weight for row in own for choice in row.choices) / max(len(own), 1),
    )


def of_step(
    model: torch.nn.Module, before: Before, row: Row, beside: Row | None, settings: Settings, many: Sizes
) -> Parts:
    """The parts for a row of one's own, and beside it one of general text; `before` is without the adapter."""
    device = next(model.parameters()).device
    nothing = torch.zeros((), device=device)
    listwise, general, kl = nothing, nothing, nothing
    _, learned = shares(model, row, device)
    own = _taught(row, learned) / many.own
    if settings.objective is Objective.LISTWISE and row.choices:
        _, known = before.shares(row, device)
        listwise = chosen(row, learned - known) / many.choices
    if beside:
        every, learned = shares(model, beside, device)
        told, _ = before.shares(beside, device)
        general = _taught(beside, learned) / many.general
        kl = (told.exp() * (told - every)).sum(dim=1).mean()
    return Parts(own, listwise, general, kl)


def chosen(row: Row, gained: torch.Tensor) -> torch.Tensor:
    """How unlikely the choices are, if words are chosen by what the adapter adds to their log-probability."""
    place = {node: number for number, node in enumerate(row.asked())}
    told = []
    for choice in row.choices:
        scores = torch.stack([gained[[place[node] for node in path]].sum() for path in choice.paths])
        told.append(-choice.weight * torch.log_softmax(scores, dim=0)[choice.chosen])
    return torch.stack(told).sum()


def _taught(row: Row, learned: torch.Tensor) -> torch.Tensor:
    weights = torch.tensor([row.weights[node] for node in row.asked()], device=learned.device)
    return -(weights * learned).sum()
