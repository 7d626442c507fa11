"""The attached display's client: shows the screen and says what it has shown."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame greets on stdout as soon as it is imported
