"""Which gestures confirm, by which setting each, and as which channel they are recorded. Pure."""

from vybor.contracts.messages import Channelled, GestureKind
from vybor.foundation.settings import CommitSettings

CHANNELS = {
    GestureKind.DOUBLE_BLINK: Channelled.DOUBLE_BLINK,
    GestureKind.CLENCH: Channelled.CLENCH,
    GestureKind.BROW: Channelled.BROW,
    GestureKind.CHEEK: Channelled.CHEEK,
    GestureKind.HEAD: Channelled.HEAD,
}


def is_on(kind: GestureKind, rule: CommitSettings) -> bool:
    """Whether a gesture of this kind chooses anything."""
    match kind:
        case GestureKind.BROW:
            return rule.brow
        case GestureKind.CHEEK:
            return rule.cheek
        case GestureKind.HEAD:
            return rule.head
    return rule.biosignal and kind in CHANNELS


def by_face(rule: CommitSettings) -> bool:
    """Whether one is on that the camera sees as long as it sees a face, wherever the eyes are."""
    return rule.brow or rule.cheek or rule.head


def any_sign(rule: CommitSettings) -> bool:
    """Whether anything but the edge confirms."""
    return rule.switch or rule.biosignal or rule.long_blink or by_face(rule)
