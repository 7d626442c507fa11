"""The fonts of this machine that the display would draw with. Apart from the drawing, which wants pygame."""

PREFERRED = (
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
)
"""Each the letters as they are and bold, best first."""
