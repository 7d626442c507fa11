"""The drawn marks: lines and shapes in a square of 24 by 24. Pure."""

import math

import msgspec

from vybor.contracts.messages import Role
from vybor.display.drawing.scene import Sign

SIDE = 24
Point = tuple[float, float]


class Stroke(msgspec.Struct, frozen=True):
    """A line through points, or the shape that they enclose."""

    points: tuple[Point, ...]
    filled: bool = False


def line(*points: Point) -> Stroke:
    """A line with round ends and corners."""
    return Stroke(points)


def shape(*points: Point) -> Stroke:
    """A filled shape."""
    return Stroke(points, filled=True)


def arc(middle: Point, radius: float, begin_deg: float, end_deg: float) -> tuple[Point, ...]:
    """Points of an arc; 0 degrees is to the right, 90 below."""
    steps = max(2, round(abs(end_deg - begin_deg) / 10))
    angles = (math.radians(begin_deg + (end_deg - begin_deg) * step / steps) for step in range(steps + 1))
    return tuple((middle[0] + radius * math.cos(a), middle[1] + radius * math.sin(a)) for a in angles)


def dot(x: float, y: float, radius: float) -> Stroke:
    """A filled circle."""
    return shape(*arc((x, y), radius, 0, 360))


def crescent(middle: Point, radius: float, shadow: Point, shadow_radius: float) -> Stroke:
    """A filled circle without what another one covers."""
    apart = math.dist(middle, shadow)
    toward = math.degrees(math.atan2(shadow[1] - middle[1], shadow[0] - middle[0]))
    outer = _half_angle_deg(radius, shadow_radius, apart)
    inner = _half_angle_deg(shadow_radius, radius, apart)
    return shape(
        *arc(middle, radius, toward + outer, toward + 360 - outer),
        *arc(shadow, shadow_radius, toward + 180 + inner, toward + 180 - inner),
    )


def _half_angle_deg(radius: float, other: float, apart: float) -> float:
    """Half the angle under which a circle sees the two points that it has in common with another."""
    return math.degrees(math.acos((radius**2 + apart**2 - other**2) / (2 * radius * apart)))


SUN_RAYS = tuple(line(*(arc((12, 12), r, deg, deg + 1)[0] for r in (8, 10.5))) for deg in range(0, 360, 45))

EYE = (
    line(*arc((12, 19.5), 12.5, -143, -37)),
    line(*arc((12, 4.5), 12.5, 37, 143)),
    line(*arc((12, 12), 2.8, 0, 360)),
)

SIGNS: dict[Sign, tuple[Stroke, ...]] = {
    Sign.MORE: (dot(4.5, 12, 2.3), dot(12, 12, 2.3), dot(19.5, 12, 2.3)),
    Sign.LETTERS: (
        line((2, 19), (7, 5), (12, 19)),
        line((3.8, 14.5), (10.2, 14.5)),
        line(*arc((18, 15.5), 3.6, 0, 360)),
        line((21.6, 11.5), (21.6, 19.5)),
    ),
    Sign.MARKS: (
        line((6.5, 4), (6.5, 14)),
        dot(6.5, 19, 1.5),
        line(*arc((16.5, 8), 4, 180, 400), (16.5, 12.5), (16.5, 14.5)),
        dot(16.5, 19, 1.5),
    ),
    Sign.DIGITS: (
        line((2, 8), (4.5, 5.5), (4.5, 18.5)),
        line(*arc((11, 8.6), 3, 180, 390), (8, 18.5), (14.2, 18.5)),
        line(*arc((19, 8.6), 3, 200, 450), *arc((19, 15.1), 3.5, 270, 510)),
    ),
    Sign.CAPITAL: (
        line((12, 3), (4, 11.5), (8.5, 11.5), (8.5, 20), (15.5, 20), (15.5, 11.5), (20, 11.5), (12, 3)),
    ),
    Sign.BACK: (line((20, 12), (4, 12)), line((10, 5.5), (3.5, 12), (10, 18.5))),
    Sign.UNDO: (
        line((4, 9), *arc((13.5, 14), 5, 270, 450), (9, 19)),
        line((9, 4), (4, 9), (9, 14)),
    ),
    Sign.SPEAK: (
        shape((3, 9), (7, 9), (12, 4.5), (12, 19.5), (7, 15), (3, 15)),
        line(*arc((12, 12), 4.5, -45, 45)),
        line(*arc((12, 12), 8.5, -45, 45)),
    ),
    Sign.MENU: (line((4, 6.5), (20, 6.5)), line((4, 12), (20, 12)), line((4, 17.5), (20, 17.5))),
    Sign.PHRASES: (
        line((3, 4.5), (21, 4.5), (21, 16), (11.5, 16), (7, 20.5), (7, 16), (3, 16), (3, 4.5)),
        line((7, 8.5), (17, 8.5)),
        line((7, 12), (14, 12)),
    ),
    Sign.CLEAR: (
        line((4, 6.5), (20, 6.5)),
        line((9.5, 6.5), (9.5, 3.5), (14.5, 3.5), (14.5, 6.5)),
        line((6, 6.5), (7, 20.5), (17, 20.5), (18, 6.5)),
        line((10, 10.5), (10, 16.5)),
        line((14, 10.5), (14, 16.5)),
    ),
    Sign.REST: (crescent((11.5, 12.5), 8.5, (15.5, 9), 7),),
    Sign.WAKE: (line(*arc((12, 12), 4.5, 0, 360)), *SUN_RAYS),
    Sign.HELP: (
        line((4, 17), (6, 14.5), (6, 10), *arc((12, 10), 6, 180, 360), (18, 14.5), (20, 17), (4, 17)),
        line((12, 4), (12, 2.5)),
        line(*arc((12, 18), 2.6, 30, 150)),
    ),
    Sign.SPELLED: (line((4, 13), (9.5, 18.5), (20.5, 6)),),
    Sign.UP: (line((5, 16), (12, 8), (19, 16)),),
    Sign.DOWN: (line((5, 8), (12, 16), (19, 8)),),
    Sign.LEFT: (line((16, 5), (8, 12), (16, 19)),),
    Sign.RIGHT: (line((8, 5), (16, 12), (8, 19)),),
    Sign.SAVED: (line((4, 13), (9.5, 18.5), (20.5, 6)),),
    Sign.SAVING: (line(*arc((12, 12), 8.5, 0, 360)), line((12, 7), (12, 12), (15.5, 14))),
    Sign.WARNING: (
        line((12, 3.5), (2.5, 20.5), (21.5, 20.5), (12, 3.5)),
        line((12, 10), (12, 14.5)),
        dot(12, 17.6, 1.2),
    ),
    Sign.NEWS: (
        line(*arc((12, 12), 9, 0, 360)),
        line((12, 11), (12, 16.5)),
        dot(12, 7.6, 1.2),
    ),
    Sign.DOCUMENT: (
        line((5, 2.5), (14, 2.5), (19.5, 8), (19.5, 21.5), (5, 21.5), (5, 2.5)),
        line((13.5, 3), (13.5, 8.5), (19, 8.5)),
        line((9, 13), (15.5, 13)),
        line((9, 17), (15.5, 17)),
    ),
    Sign.CALM: (line(*arc((12, 12), 6, 0, 360)),),
    Sign.TOOLS: (
        line((3, 6.5), (21, 6.5)),
        line((3, 12), (21, 12)),
        line((3, 17.5), (21, 17.5)),
        dot(8, 6.5, 2.4),
        dot(16, 12, 2.4),
        dot(10, 17.5, 2.4),
    ),
    Sign.AGAIN: (
        line(*arc((12, 12.5), 8, -30, 250)),
        line((20.2, 2.2), (19, 8.5), (12.8, 7.6)),
    ),
    Sign.DELETE: (
        line((8, 5.5), (21.5, 5.5), (21.5, 18.5), (8, 18.5), (2.5, 12), (8, 5.5)),
        line((11, 9), (17, 15)),
        line((17, 9), (11, 15)),
    ),
    Sign.PRIVATE: (*EYE, line((4, 20.5), (20, 3.5))),
    Sign.LEARNING: EYE,
    Sign.PRACTICE: (line(*arc((12, 12), 8.5, 0, 360)), line(*arc((12, 12), 4.5, 0, 360)), dot(12, 12, 1.5)),
    Sign.FIT: tuple(
        stroke for y, knob in ((6, 9), (12, 15), (18, 8)) for stroke in (line((3, y), (21, y)), dot(knob, y, 2.4))
    ),
    Sign.BEGIN: (line((7, 4), (19, 12), (7, 20), (7, 4)),),
    Sign.KEEP: (line((6, 3), (18, 3), (18, 21), (12, 16), (6, 21), (6, 3)),),
    Sign.COLOURS: (line(*arc((12, 12), 8.5, 0, 360)), shape(*arc((12, 12), 8.5, 90, 270))),
    Sign.COPY: (
        line((8.5, 8.5), (20.5, 8.5), (20.5, 21), (8.5, 21), (8.5, 8.5)),
        line((5.5, 15.5), (3.5, 15.5), (3.5, 3), (15.5, 3), (15.5, 5.5)),
    ),
    Sign.TYPE: (
        line((2, 6), (22, 6), (22, 18.5), (2, 18.5), (2, 6)),
        *(dot(x, 10, 1.2) for x in (6, 10, 14, 18)),
        line((7, 14.5), (17, 14.5)),
    ),
    Sign.SHARING: (
        line((15, 3.5), (21.5, 3.5), (21.5, 20.5), (15, 20.5), (15, 3.5)),
        line((17.5, 7.5), (19, 7.5)),
        line((2.5, 12), (11, 12)),
        line((7, 7.5), (11.5, 12), (7, 16.5)),
    ),
    Sign.PAIR: (line(*arc((8.5, 12), 5.8, 0, 360)), line(*arc((15.5, 12), 5.8, 0, 360))),
    Sign.NO: (line((5, 5), (19, 19)), line((19, 5), (5, 19))),
    Sign.KIT: (
        line((2.5, 4), (21.5, 4), (21.5, 16.5), (2.5, 16.5), (2.5, 4)),
        line((12, 16.5), (12, 20.5)),
        line((7.5, 20.5), (16.5, 20.5)),
    ),
}

OF_ROLE: dict[Role, Sign] = {
    Role.MORE: Sign.MORE,
    Role.LETTERS: Sign.LETTERS,
    Role.MARKS: Sign.MARKS,
    Role.DIGITS: Sign.DIGITS,
    Role.CAPITAL: Sign.CAPITAL,
    Role.ENDINGS: Sign.LETTERS,
    Role.BACK: Sign.BACK,
    Role.UNDO: Sign.UNDO,
    Role.SPEAK: Sign.SPEAK,
    Role.MENU: Sign.MENU,
    Role.PHRASES: Sign.PHRASES,
    Role.CLEAR: Sign.CLEAR,
    Role.REST: Sign.REST,
    Role.WAKE: Sign.WAKE,
    Role.HELP: Sign.HELP,
    Role.SPELLED: Sign.SPELLED,
    Role.ANCHORS: Sign.PHRASES,
    Role.ANCHOR: Sign.LETTERS,
    Role.PART: Sign.DOWN,
    Role.LIKE: Sign.MORE,
    Role.TOOLS: Sign.TOOLS,
    Role.ANSWER: Sign.SPEAK,
    Role.NOT_MEANT: Sign.SPEAK,
    Role.REPEAT: Sign.AGAIN,
    Role.DELETE_WORD: Sign.DELETE,
    Role.UNLEARN: Sign.PRIVATE,
    Role.INCOGNITO: Sign.PRIVATE,
    Role.LEARNING: Sign.LEARNING,
    Role.KEEP: Sign.KEEP,
    Role.FORGET: Sign.CLEAR,
    Role.KIT: Sign.KIT,
    Role.PRACTICE: Sign.PRACTICE,
    Role.SKIP: Sign.RIGHT,
    Role.LEAVE: Sign.BACK,
    Role.NIGHT: Sign.COLOURS,
    Role.DAY: Sign.COLOURS,
    Role.COPY: Sign.COPY,
    Role.TYPE: Sign.TYPE,
    Role.NO_COPY: Sign.COPY,
    Role.NO_TYPE: Sign.TYPE,
    Role.FIT: Sign.FIT,
    Role.FIT_BEGIN: Sign.BEGIN,
    Role.FIT_SKIP: Sign.RIGHT,
    Role.FIT_ACCEPT: Sign.SPELLED,
    Role.FIT_MORE: Sign.FIT,
    Role.SHARING: Sign.SHARING,
    Role.SHARE: Sign.SPELLED,
    Role.NO_SHARE: Sign.PRIVATE,
    Role.PAIR: Sign.PAIR,
    Role.PAIR_YES: Sign.SPELLED,
    Role.PAIR_NO: Sign.NO,
    Role.UNPAIR: Sign.CLEAR,
    Role.CLOSE: Sign.BACK,
    Role.ERASE: Sign.CLEAR,
    Role.READ_ASKED: Sign.PHRASES,
    Role.READ_YES: Sign.SPELLED,
    Role.READ_DRAFTS: Sign.SPELLED,
    Role.READ_NO: Sign.NO,
    Role.READ_END: Sign.NO,
}
"""The picture of each tile that does something; candidates, phrases, letters and marks are their own picture."""
