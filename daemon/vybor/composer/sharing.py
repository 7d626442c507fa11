"""The page of what leaves the kit: whom it goes to, whether it may, and pairing. Pure; `sync` does it.

Each tile says what it does next. What was chosen is seen on the page once `sync` says that it is so. To remove the
workstation is asked about first, and so is to pair another one, which removes it: undo does not bring it back, and
what is deleted later stays there.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import writing
from vybor.composer.placing import CORNER, LEFT, LOWER, RIGHT, UPPER, Choice, Placed
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, ShareWish

NO, UNPAIR = UPPER[0], LOWER[0]
YES = CORNER
"""Far from the no."""
SURE = LOWER[3]
"""Far from where it was asked."""
MAY = SURE
"""Neither where *Yes, the same* stood a moment ago nor where *Share no more* does: what is chosen twice
gives nothing away."""
SURE_MODES: dict[Mode, Role] = {Mode.UNPAIR_SURE: Role.UNPAIR, Mode.PAIR_SURE: Role.PAIR}
"""Pages that ask, and the yes on each."""
WISHES: dict[Role, ShareWish] = {
    Role.SHARE: ShareWish.AGREE,
    Role.NO_SHARE: ShareWish.TAKE_BACK,
    Role.PAIR: ShareWish.PAIR,
    Role.PAIR_YES: ShareWish.YES,
    Role.PAIR_NO: ShareWish.NO,
    Role.UNPAIR: ShareWish.UNPAIR,
}


OPENING = (ShareWish.AGREE, ShareWish.PAIR, ShareWish.YES)
"""Wishes that are for now alone: if nobody hears them, they are not fulfilled minutes later."""


def page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """What can be wished now; while nobody answers for what leaves, nothing."""
    sharing = now.lasting.kit.sharing
    placed = _placed(sharing) if sharing else {}
    return placed | {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.MENU)}


def _placed(sharing: m.Sharing) -> Placed:
    if pairing := sharing.pairing:
        same = Choice(role=Role.PAIR_YES, label=pairing.digits)
        asked = {YES: same} if pairing.digits and not pairing.is_said else {}
        return {NO: Choice(role=Role.PAIR_NO), **asked}
    if not sharing.workstation:
        return {NO: Choice(role=Role.PAIR)}
    wish = {YES: Choice(role=Role.NO_SHARE)} if sharing.agreed else {MAY: Choice(role=Role.SHARE)}
    return {NO: Choice(role=Role.PAIR), **wish, UNPAIR: Choice(role=Role.UNPAIR)}


def sure_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Whether it is meant that the workstation is removed, at once or once another one is paired."""
    back = Choice(role=Role.BACK)
    return {SURE: Choice(role=SURE_MODES[now.mode]), CORNER: back, LEFT: back, RIGHT: Choice(role=Role.MENU)}


def opened(now: Writing, tile: m.Tile) -> Outcome:
    """The way to the page."""
    return Outcome(_here(now), Action.PAGE)


def _wished(now: Writing, tile: m.Tile) -> Outcome:
    """A yes names the digits that stood there when it was looked at: it holds for nothing else."""
    return Outcome(_here(now), Action.KIT, share=(WISHES[tile.role], tile.label))


def _unpair(now: Writing, tile: m.Tile) -> Outcome:
    return _wished(now, tile) if now.mode is Mode.UNPAIR_SURE else _asked(now, Mode.UNPAIR_SURE)


def _pair(now: Writing, tile: m.Tile) -> Outcome:
    """Where a workstation is paired, another one takes its place."""
    sharing = now.lasting.kit.sharing
    is_sure = now.mode is Mode.PAIR_SURE or not (sharing and sharing.workstation)
    return _wished(now, tile) if is_sure else _asked(now, Mode.PAIR_SURE)


def _asked(now: Writing, mode: Mode) -> Outcome:
    return Outcome(writing.turn(now, mode, passed=now.passed, under=now.under), Action.PAGE)


def _here(now: Writing) -> Writing:
    return writing.turn(now, Mode.SHARING, passed=now.passed, under=now.under)


def told(now: Writing, sharing: m.Sharing) -> Writing:
    """Sync says how what leaves stands."""
    kit = msgspec.structs.replace(now.lasting.kit, sharing=sharing)
    return msgspec.structs.replace(now, lasting=msgspec.structs.replace(now.lasting, kit=kit))


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.SHARING: page,
    **dict.fromkeys(SURE_MODES, sure_page),
}
RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.SHARING: opened,
    **dict.fromkeys(WISHES, _wished),
    Role.UNPAIR: _unpair,
    Role.PAIR: _pair,
}
