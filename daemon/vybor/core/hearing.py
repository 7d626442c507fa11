"""What the deciding process listens to: all that moves a choice, and who has fallen silent."""

from vybor.contracts import messages as m

HEARS = (
    m.Gaze,
    m.Gesture,
    m.Worn,
    m.Flickered,
    m.Engaged,
    m.SwitchPress,
    m.Shown,
    m.Proposals,
    m.CountsWorn,
    m.SyncStatus,
    m.Vitals,
    m.Health,
)
