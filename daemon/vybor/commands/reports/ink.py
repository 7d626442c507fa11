"""What the pictures of every report have: their colours, their axes, and how they become PNG."""

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK, PALE, LINE, OTHER = "#1b1f24", "#6b7480", "#0b5fa5", "#c2410c"
THIN = "#c9ced6"
"""Of axes, and of what separates."""
WIDTH, DOTS = 11.0, 110


def tidy(axis: Axes) -> None:
    """No more lines than are needed."""
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(THIN)
    axis.tick_params(labelsize=7.5, colors=PALE, length=3, which="both")


def png(figure: Figure) -> bytes:
    """As a file has it."""
    drawn = io.BytesIO()
    FigureCanvasAgg(figure)  # draws without a screen
    figure.savefig(drawn, format="png", dpi=DOTS, facecolor="white")
    return drawn.getvalue()
