"""What msgspec raises for bytes that say nothing it knows."""

import msgspec

NOT_UNDERSTOOD = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""Text that is no UTF-8, and lists within lists by the thousand, are no errors of msgspec's own."""
