"""What `sync` asks of the journal, and what it is told: how what leaves stands."""

from vybor.contracts import messages as m
from vybor.journal.sealing import Sealing


def done(sealing: Sealing, command: m.Leave) -> m.Leaving:
    """Do what is asked, and tell. Raises database.Error."""
    leaving = sealing.leaving
    if command.pair:
        leaving.pair(command.pair.name, command.pair.seals_to, command.pair.verifies_with)
    if command.unpair:
        leaving.unpair()
    if command.agree is not None:
        leaving.agree(command.agree)
    if command.pair or command.unpair or command.agree is not None:
        sealing.tidy()
    if command.seal:
        sealing.ask()
    refused = sealing.received(command.receipt) if command.receipt else ""
    return m.Leaving(
        request=command.request,
        kit=sealing.kit,
        verifies_with=sealing.verifies_with,
        sharing=sharing(sealing),
        refused=refused,
    )


def sharing(sealing: Sealing) -> m.Sharing:
    """How what leaves stands."""
    paired = sealing.leaving.paired()
    if paired is None:
        return m.Sharing()
    waiting, unsealed = sealing.leaving.unfetched(), sealing.leaving.unsealed(paired.mark)
    return m.Sharing(
        workstation=paired.name,
        agreed=paired.agreed,
        rows=unsealed + sum(one.rows for one in waiting),
        unsealed=unsealed,
        segments=len(waiting),
        synced_at=paired.synced_at,
    )
