"""Of libcamera's Python binding, what picamera2's stand-in and the kit's helper touch."""


class ColorSpace:
    """How numbers stand for colours, by libcamera's names."""

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def Sycc() -> "ColorSpace":  # noqa: N802  (libcamera's name)
        """BT.601, all 256 levels."""
        return ColorSpace("sYCC")

    @staticmethod
    def Smpte170m() -> "ColorSpace":  # noqa: N802
        """BT.601, levels 16 to 235."""
        return ColorSpace("SMPTE170M")
