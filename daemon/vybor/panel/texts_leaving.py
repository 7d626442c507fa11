"""The words of the pages on what leaves the kit: the workstation, and the bundle for who helps from afar. Pure."""

from enum import StrEnum

from vybor.contracts.messages import PairingEnd


class Leaving(StrEnum):
    """What these pages say of themselves."""

    SYNC_ABOUT = "What leaves the kit, and to whom. Nothing does unless the wearer agrees on the kit’s own screen."
    UNHEARD = (
        "The link to the workstation does not answer now. Load this page again; the first page says what ails it."
    )
    PAIRED_WITH = "Paired with"
    CONSENT = "The wearer’s consent"
    CONSENTS = "given: what they write goes there"
    CONSENTS_NOT = "not given: nothing of what they write goes there"
    SEALED = "Sealed parcels that wait"
    UNSEALED = "Not sealed yet"
    NEVER = "never yet"
    PAIRING = "Pairing"
    PAIRING_ABOUT = (
        "For three minutes a workstation may ask to be paired. Six digits and five words then stand on the kit’s "
        "own screen, under Menu, Tools, Kit, Workstation, and at the workstation. The wearer says there whether "
        "they are the same; this page neither shows them nor says yes."
    )
    TAKES_PLACE = "Once another one is paired, {name} is removed."
    OPEN_WINDOW = "Open the window for pairing"
    CLOSE_WINDOW = "Close the window"
    IS_OPEN = (
        "The window is open, and closes by itself within three minutes. At the workstation, type one of these:"
    )
    COMMAND = "vybor-workshop kit add {address}"
    IS_THERE = "{name} wants to be paired: compare the digits on the kit’s screen."
    IS_SAID = "The wearer has said yes. It waits for a yes at the workstation."
    LOOK_AGAIN = "Look again"
    ENDING = "Stop, or forget"
    STOP_ABOUT = "From now on nothing leaves the kit. Only the wearer can agree anew, on the kit."
    STOP = "Share no more"
    FORGET_ABOUT = (
        "{name} can come in no more. What it has got it keeps, and what is deleted later on the kit is not "
        "deleted there. To undo this, somebody has to pair it again, and the wearer has to agree anew."
    )
    FORGET = "Forget {name}"
    FORGET_ASK = "Forget {name}…"
    SURE = "Is that meant?"
    KEEP = "No, back"
    DONE = "Done."
    OPENED = "The window is open. Go on at the kit’s own screen: Menu, Tools, Kit, Workstation."
    BUNDLE = "Log bundle"
    BUNDLE_ABOUT = (
        "One file for whoever helps you from afar: what each part says of itself, settings and versions. Never "
        "what the wearer writes, no looks, no signals, no names of people. Look into it before you send it on."
    )
    HOLDS = "What is in it"
    BUNDLE_TAKES = "It takes half a minute or so to gather."
    DOWNLOAD = "Gather and download"
    BUNDLE_BUSY = "A bundle is being gathered already; ask again in a minute."
    BUNDLE_FAILED = "The bundle could not be gathered. On the kit, “sudo vybor bundle --out FILE” says why."


ENDS: dict[PairingEnd, str] = {
    PairingEnd.DIFFERED: "The last attempt: at the workstation somebody said that the digits differ.",
    PairingEnd.BROKEN: "The last attempt broke off.",
    PairingEnd.LATE: "The last window closed before anybody was paired.",
}
MEMBERS: dict[str, str] = {
    "about.txt": "versions, board, kernel",
    "doctor.txt": "what is to be mended, as “vybor doctor” says it",
    "status.txt": "how each part fares, as “vybor status” says it",
    "settings.toml": "the settings in force",
    "units.txt": "what systemd says of the kit’s parts",
    "log.txt": "the parts’ log of the last day, without what programs printed in errors",
    "kernel.txt": "the kernel’s lines on USB, power, memory, disk, camera and radio",
    "packages.txt": "versions of the packages",
    "disk.txt": "how full the disks are",
}
"""The files of the bundle, and what each holds."""
