"""`vybor gaze …`: where the eyes rest, shown, recorded, replayed and measured."""
