"""What people wear and how they lie: painted onto a picture of the drawn face, and the light it is in."""

import cv2
import numpy as np

from world.camera.face import FACE_CENTRE, FACE_SHARE, FACE_WIDTH, OPENINGS, Image

CLOTH, RIM, BLACK = (70, 80, 90), (30, 25, 20), (24, 24, 24)


def masked(rgb: Image) -> Image:
    """A ventilation mask over nose and mouth, and its straps."""
    worn = rgb.copy()
    height, width = rgb.shape[:2]

    def at(across: float, down: float) -> tuple[int, int]:
        return round(width * across), round(height * down)

    cv2.ellipse(worn, at(0.52, 0.67), at(0.15, 0.20), 0, 0, 360, CLOTH, -1, cv2.LINE_AA)
    for inner, outer in ((0.40, 0.20), (0.64, 0.85)):
        cv2.line(worn, at(inner, 0.62), at(outer, 0.45), CLOTH, width // 50)
    return worn


def spectacled(rgb: Image) -> Image:
    """Thick rims, and a window mirrored in each glass."""
    worn = rgb.copy()
    for across, down, radius in _eyes(rgb):
        cv2.ellipse(
            worn, (across, down), (radius, radius * 4 // 5), 0, 0, 360, RIM, max(radius // 10, 2), cv2.LINE_AA
        )
        mirrored = worn.copy()
        near, far = (across - radius // 2, down - radius * 3 // 5), (across - radius // 10, down - radius // 4)
        cv2.rectangle(mirrored, near, far, (255, 255, 255), -1)
        worn = np.asarray(cv2.addWeighted(worn, 0.5, mirrored, 0.5, 0), np.uint8)
    return worn


def patched(rgb: Image, eyes: tuple[int, ...]) -> Image:
    """These eyes covered: 0 for the left one in the picture."""
    worn = rgb.copy()
    for number in eyes:
        across, down, radius = _eyes(rgb)[number]
        cv2.ellipse(worn, (across, down), (radius, radius * 4 // 5), 0, 0, 360, BLACK, -1, cv2.LINE_AA)
    return worn


def rolled(rgb: Image, degrees: float) -> Image:
    """A head on its shoulder, or on a pillow."""
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def lit(rgb: Image, gain: float, *, noise: float = 0.0, colours: bool = True, seed: int = 1) -> Image:
    """In other light; at night, without colours, the sensor's noise is larger."""
    light = rgb.astype(np.float32) * gain
    if not colours:
        light = np.repeat(light.mean(axis=2, keepdims=True), 3, axis=2)
    grain = np.random.default_rng(seed).normal(0.0, noise, (*light.shape[:2], 1))
    return np.clip(light + grain, 0, 255).astype(np.uint8)


def _eyes(rgb: Image) -> list[tuple[int, int, int]]:
    """Middle and reach of each eye, in pixels."""
    height, width = rgb.shape[:2]
    scale = FACE_SHARE * width / FACE_WIDTH
    places = [(opening.iris[0] - FACE_CENTRE[0], opening.iris[1] - FACE_CENTRE[1]) for opening in OPENINGS]
    return [(round(width / 2 + x * scale), round(height / 2 + y * scale), round(18 * scale)) for x, y in places]
