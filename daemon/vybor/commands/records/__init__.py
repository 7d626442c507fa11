"""The wearer's own record: shown, exported, carried away on a stick, deleted."""
