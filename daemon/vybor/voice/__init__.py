"""Speech, and the call for help that works when all else is down."""
