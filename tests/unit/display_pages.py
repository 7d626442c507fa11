"""Pages as the composer makes them, and sheets to compose them on, for the display's tests."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from unit import practice_steps
from vybor.composer import endings, fitting
from vybor.composer.anchors import SENTENCE_MODES, gathered_words, tiles_for
from vybor.composer.folding import PLANS, Fold, folded
from vybor.composer.lasting import Kit, Lasting
from vybor.composer.letters import KEYS, PLACE
from vybor.composer.menu import ANSWERS
from vybor.composer.placing import tiles_of
from vybor.composer.writing import Gathered, Writing, is_begun
from vybor.contracts import messages as m
from vybor.contracts.messages import (
    Arrangement,
    FitPhase,
    FitResult,
    FitStage,
    Mode,
    Notice,
    Saving,
    Scope,
    Sign,
    Source,
    Trouble,
    WayOut,
)
from vybor.display.drawing.scene import Sheet
from vybor.display.helping import Stage
from vybor.display.showing import Showing
from vybor.display.starting import Part, Row, Says, Standing, Starting
from vybor.pairing.word_list import WORDS as WORD_LIST

WORDS = {
    "en": ("like to go home soon", "am very tired today and", "would", "think that we should talk about it"),
    "ru": ("хочу домой сейчас же", "очень устал сегодня", "попросила бы", "думаю, что нам надо поговорить"),
}
WHOLE = {
    "en": (
        *(
            "Can you call the doctor?",
            "I want to see the doctor before I go home.",
            "My doctor is late.",
        ),
        "The doctor said that I may eat what I like, and as much of it.",
    ),
    "ru": (
        *(
            "Позовите врача, пожалуйста.",
            "Я хочу поговорить с врачом до отъезда.",
            "Врач опаздывает.",
        ),
        "Врач сказал, что мне можно есть что угодно и сколько угодно.",
    ),
}
GATHERED = {"en": ("doctor", "today"), "ru": ("врач", "домой")}
DOCUMENTS = ("bakery.txt", "", "The minutes of the garden club, spring.docx", "Поездка на озеро.pdf")
ASKED = {
    "en": "How was your day? Did the doctor come, and what did he say about the new medicine?",
    "ru": "Как прошёл день? Приходил ли врач, и что он сказал о новом лекарстве?",
}
SYNCED = datetime(2026, 1, 31, 12, 34, 56).astimezone().isoformat()
SIZES = ((480, 320), (640, 480), (800, 480), (1280, 720), (1920, 1080))
TEXT = "Good morning. I"
DRAFT = {"en": TEXT, "ru": "Доброе утро. Я"}
LONG = "I would rather stay here for a while because the light is good and " * 40 + "that is all."
MUCH = {"en": LONG, "ru": "Я лучше побуду здесь ещё немного, потому что тут хороший свет, и " * 40 + "это всё."}
SAID = {"en": "I would like to go home now.", "ru": "Я хочу домой."}
SPELLING = {
    "en": {"prefix": "inter", "group": "nopqrs-", "candidates": ("internationalisation", "internet")},
    "ru": {"prefix": "перес", "group": "нопр", "candidates": ("перестраховывание", "пересадка")},
}
LOOKING = {
    "en": ("internationalisation", "cheque", "bin"),
    "ru": ("жизнеспособность", "деревня", "здесь"),
}
OWN_PAGES = (
    *(Mode.FITTING, Mode.PRACTICE_CALL, Mode.PRACTICE_OVER, Mode.UNPAIR_SURE, Mode.PAIR_SURE, Mode.READ_ASKED),
)
"""They show something only with what stands around them, among the pages of fitting, practice and sharing."""


def sheet(width: int, height: int) -> Sheet:
    """Paper with plain letters: each is 0.55 of its height wide."""
    return Sheet(width, height, lambda text, size, bold: round(len(text) * size * 0.55))


def page(mode: Mode = Mode.WORDS, text: str | None = None, language: str = "en", **about: object) -> m.Screen:
    """A screen of this mode, with a usual draft; `candidates` are phrases of which the first word can be taken."""
    text = DRAFT[language] if text is None else text
    phrases = about.pop("candidates", WORDS[language])
    origins = about.pop("origins", ("",) * len(phrases))
    source = about.pop("source", Source.MODEL)
    candidates = [
        m.Candidate(words=tuple(str(p).split()), p=0.2, source=source, origin=origin)
        for p, origin in zip(phrases, origins, strict=False)
    ]
    own = {
        key: about.pop(key)
        for key in ("prefix", "looks", "group", "page", "rest", "gathered", "lasting")
        if key in about
    }
    writing = Writing(text=text, mode=mode, **own)
    tiles = _tiles(writing, candidates, language)
    return m.Screen(
        at_ns=1,
        offer=1,
        mode=mode,
        text=text,
        prefix=writing.prefix or gathered_words(writing) or PLACE * len(writing.looks),
        tiles=tiles,
        language=language,
        is_writing=is_begun(writing) and mode is not Mode.REST,
        **about,
    )


def _tiles(writing: Writing, candidates: list[m.Candidate], language: str) -> tuple[m.Tile, ...]:
    forms = [candidate.words[0] for candidate in candidates]
    if writing.mode is Mode.ENDINGS:
        return endings.page(writing.text, forms * 3, writing.page)
    asked = endings.is_asked(writing.mode, writing.prefix)
    tiles = tiles_for(writing, candidates, language, (), (), 4)
    return endings.beside(tiles, writing.text, forms if asked else ())


def on_zones(screen: m.Screen, zones: int, unfolded: Sequence[int] = ()) -> m.Screen:
    """The same page on a layout of fewer zones, or what one of its folds holds."""
    tiles = folded(screen.tiles, Fold(zones, screen.mode, tuple(unfolded)))
    return msgspec.structs.replace(screen, zones=zones, tiles=tiles)


def standing_elsewhere(language: str) -> dict[str, Showing]:
    """The page of words where Undo and Speak stand in other places, on ten zones and on fewer."""
    found: dict[str, Showing] = {}
    screen = page(language=language)
    for how, zones, told in (
        (Arrangement.MIRRORED, 10, notices(Trouble.PLACES_MOVE)),
        (Arrangement.TURNED, 10, notices(Trouble.PLACES_MOVED)),
        (Arrangement.TURNED, 6, ()),
    ):
        tiles = folded(screen.tiles, Fold(zones, screen.mode, places=how))
        shown = msgspec.structs.replace(screen, zones=zones, tiles=tiles, notices=told)
        found[f"{how} on {zones} zones"] = Showing(shown)
    return found


def largest_fold(screen: m.Screen) -> tuple[int, ...]:
    """The slots that the fold of a page with the most members stands for."""
    return max((tuple(each.slot for each in tile.members) for tile in screen.tiles), key=len)


def folded_pages(language: str) -> dict[str, Showing]:
    """The page of words on each layout of fewer zones, and its largest fold open."""
    found: dict[str, Showing] = {}
    for zones in PLANS:
        screen = on_zones(page(language=language), zones)
        inside = on_zones(page(language=language), zones, largest_fold(screen))
        found[f"{zones} zones"] = Showing(screen, light(screen.tiles[-1].slot, armed=True, pad_progress=0.5))
        found[f"{zones} zones unfolded"] = Showing(inside, light(inside.tiles[0].slot, armed=True))
    return found


def light(slot: int, *, armed: bool = False, pad_progress: float = 0.0) -> m.Highlight:
    """The eyes on a tile of `page`."""
    return m.Highlight(at_ns=1, offer=1, slot=slot, armed=armed, pad_open=armed, pad_progress=pad_progress)


def dot(x: float = 0.9, y: float = 0.1, progress: float = 0.4) -> m.CalibrationTarget:
    """The third of nine dots."""
    return m.CalibrationTarget(at_ns=1, dot=2, dots=9, x=x, y=y, progress=progress)


def notices(*troubles: Trouble) -> tuple[Notice, ...]:
    """Troubles of the eye tracking."""
    return tuple(Notice(process="gaze", trouble=trouble) for trouble in troubles)


def every_page(language: str) -> dict[str, Showing]:
    """Something of everything that can be on the screen."""
    many = notices(Trouble.DISK_FULL, Trouble.CAMERA_STOPPED, Trouble.SOUND_MISSING)
    spelling, much, said = SPELLING[language], MUCH[language], SAID[language]
    modes = {
        mode.value: Showing(page(mode, language=language, **spelling), light(0))
        for mode in Mode
        if mode not in OWN_PAGES
    }
    looking = {"looks": KEYS[language][:2], "candidates": LOOKING[language]}
    whole = {"candidates": WHOLE[language], "gathered": Gathered(GATHERED[language], whole=WHOLE[language][0])}
    long = whole | {"candidates": WHOLE[language][::-1]}
    sentences = {
        mode.value: Showing(page(mode, "", language, **whole), light(0, armed=True)) for mode in SENTENCE_MODES
    }
    practised = dict(practice_steps.pages(language))
    return modes | {
        **sentences,
        **{name: Showing(practised[name], light(1)) for name in practice_steps.LOOKED_AT},
        "practice asked": Showing(
            msgspec.structs.replace(practised["practice 02 slowly"], partner=ASKED[language], notices=many)
        ),
        "check begins": Showing(page(text="", language=language, check=m.WordCheck(number=0, count=10))),
        "check": Showing(page(language=language, check=m.WordCheck(number=10, count=10))),
        "check asked": Showing(
            page(
                language=language, check=m.WordCheck(number=3, count=10), partner=ASKED[language], notices=many[:1]
            )
        ),
        "practice silent": Showing(practised["practice 04"], core_silent=True),
        "long sentences": Showing(page(Mode.SENTENCES, "", language, **long), light(0, armed=True)),
        "tools": Showing(page(Mode.TOOLS, language=language), light(0)),  # all of them: letters hide one
        "keypad": Showing(page(Mode.KEYPAD, language=language, **looking), light(5)),
        "keypad before a look": Showing(page(Mode.KEYPAD, language=language)),
        "pad open above": Showing(page(language=language), light(0, armed=True, pad_progress=0.5)),
        "pad open below": Showing(page(language=language), light(7, armed=True, pad_progress=1.0)),
        "documents": Showing(page(language=language, origins=DOCUMENTS), light(0, armed=True)),
        "said before": Showing(page(language=language, source=Source.OWN, partner=ASKED[language])),
        "not saved": Showing(page(language=language, saving=Saving.NOT_SAVING, notices=many)),
        "saving": Showing(page(Mode.REST, language=language, saving=Saving.SAVING, notices=many)),
        "empty": Showing(page(text="", language=language, said=said)),
        "asked": Showing(page(text="", language=language, partner=ASKED[language], said=ANSWERS[language][0])),
        "answering": Showing(page(language=language, partner=ASKED[language])),
        "asked much": Showing(page(text=much, language=language, partner=ASKED[language] * 2, notices=many)),
        "long": Showing(page(text=much, language=language, notices=many, prefix=spelling["prefix"])),
        "long said": Showing(page(text="", language=language, said=much)),
        "silent": Showing(page(language=language, notices=many), core_silent=True),
        "silent for long": Showing(page(language=language), core_silent=True, help=Stage.NONE),
        "silent and not saved": Showing(
            page(text=much, language=language, saving=Saving.NOT_SAVING), core_silent=True, help=Stage.FAILED
        ),
        "silent and empty": Showing(page(text="", language=language), core_silent=True, help=Stage.CALLED),
        **fitting_pages(language),
        **starting_pages(),
        **folded_pages(language),
        **standing_elsewhere(language),
        "dot": Showing(page(language=language), target=dot()),
        **kit_pages(language),
        **sharing_pages(language),
        **erasing_pages(language),
        **grown_pages(language),
        "inputs lost": Showing(
            page(language=language, notices=notices(Trouble.CAMERA_STOPPED, Trouble.INPUTS_LOST))
        ),
        "dot in the middle": Showing(target=dot(0.5, 0.5)),
    }


def kit_pages(language: str) -> dict[str, Showing]:
    """The page of the kit on a desktop, and what is armed there as it stands on other pages."""
    kits = {way: Kit(ways_out=tuple(WayOut), armed=way) for way in (None, *WayOut)}
    out = notices(Trouble.TYPED_STAYS, Trouble.CAMERA_STOPPED)
    return {
        f"kit {way or 'on a desktop'}": Showing(
            page(Mode.KIT, language=language, lasting=Lasting(kit=kit), armed=way), light(2, armed=True)
        )
        for way, kit in kits.items()
    } | {
        "armed": Showing(page(language=language, armed=WayOut.TYPE, partner=ASKED[language]), light(0)),
        "armed and private": Showing(page(language=language, armed=WayOut.COPY, private=True)),
        "armed and incognito": Showing(page(language=language, armed=WayOut.COPY, private=True, incognito=True)),
        "typed and taken back": Showing(page(language=language, armed=WayOut.TYPE, notices=out)),
    }


def sharing_pages(language: str) -> dict[str, Showing]:
    """What leaves the kit: before, while and after a workstation is paired, and when it may have it."""
    paired = m.Sharing(workstation="desktop-3", rows=1234)
    open_now = m.Pairing(addresses=("192.168.10.123", "fd12:3456:789a:1:2345:6789:abcd:ef01"), closes_ns=1)
    asked = msgspec.structs.replace(
        open_now, workstation="desktop-3", digits="274240", words=WORD_LIST[language][5:10]
    )
    known = {
        "unknown": None,
        "unpaired": m.Sharing(),
        "window": m.Sharing(pairing=open_now),
        "compared": m.Sharing(pairing=asked),
        "said": m.Sharing(pairing=msgspec.structs.replace(asked, is_said=True)),
        "asked": paired,
        "agreed": msgspec.structs.replace(paired, agreed=True, segments=6, synced_at=SYNCED),
        "no more": msgspec.structs.replace(paired, synced_at=SYNCED),
        "all there": m.Sharing(workstation="desktop-3", agreed=True, synced_at=SYNCED),
    }

    def shown(mode: Mode, sharing: m.Sharing | None) -> Showing:
        drawn = page(mode, language=language, lasting=Lasting(kit=Kit(sharing=sharing)))
        return Showing(msgspec.structs.replace(drawn, sharing=sharing))

    pages = {f"sharing {name}": shown(Mode.SHARING, sharing) for name, sharing in known.items()}
    sure = {"removed": Mode.UNPAIR_SURE, "another": Mode.PAIR_SURE}
    return pages | {f"sharing {name}": shown(mode, known["agreed"]) for name, mode in sure.items()}


def erasing_pages(language: str) -> dict[str, Showing]:
    """What is asked before something is deleted, and how it ended."""
    asked = {
        scope: Showing(
            page(Mode.ERASE_SURE, language=language, erasing=scope, erased=one, partner=ASKED[language][:18]),
            light(7, armed=True),
        )
        for scope, one in ((Scope.LAST, WHOLE[language][1]), (Scope.TODAY, ""), (Scope.EVERYTHING, ""))
    }
    ended = (Trouble.ERASING, Trouble.ERASED, Trouble.ERASED_STALE, Trouble.NOT_ERASED)
    return {f"erase {scope}": showing for scope, showing in asked.items()} | {
        f"erase ended {trouble}": Showing(page(text="", language=language, notices=notices(trouble)))
        for trouble in ended
    }


def grown_pages(language: str) -> dict[str, Showing]:
    """What is said of a new model: that it is tried, why it was taken off, and on which page that it is stale."""
    told = (Trouble.GROWN_ON_TRIAL, Trouble.GROWN_UNDONE, Trouble.GROWN_STOPPED)
    stale = notices(Trouble.GROWN_STALE)
    return {
        trouble.value.replace("_", " "): Showing(page(language=language, notices=notices(trouble)))
        for trouble in told
    } | {"grown stale": Showing(page(Mode.KIT, text="", language=language, notices=stale))}


def fitting_pages(language: str) -> dict[str, Showing]:
    """The trial that finds how the person chooses: each sign asked for, and what stands around it."""
    phases = {phase.value: FitStage(phase=phase, sign=Sign.PAD, trial=1, trials=4) for phase in FitPhase}
    cues = {f"cue {sign.value}": _cue(sign) for sign in Sign}
    found = (
        *(FitResult(sign=sign, cues=8, hits=8, reliable=True) for sign in (Sign.PAD, Sign.SWITCH)),
        FitResult(sign=Sign.LONG_BLINK, cues=3, hits=0, reopened=False),
        FitResult(sign=Sign.DOUBLE_BLINK, cues=8, hits=6, false_alarms=2),
        FitResult(sign=Sign.CLENCH, skipped=True),
    )
    ways = (Sign.PAD, Sign.SWITCH)
    summary = FitStage(phase=FitPhase.SUMMARY, results=found, changes=True, ways=ways)
    stages = {
        **phases,
        **cues,
        "summary": summary,
        "summary with nothing new": FitStage(phase=FitPhase.SUMMARY, results=found),
        "summary with more to try": FitStage(
            phase=FitPhase.SUMMARY, results=found, changes=True, ways=ways, more=True
        ),
    }
    return {
        f"fitting {name}": Showing(
            msgspec.structs.replace(
                page(Mode.FITTING, language=language), fitting=stage, tiles=tiles_of(fitting.page(stage))
            )
        )
        for name, stage in stages.items()
        if name != FitPhase.CUE
    }


def _cue(sign: Sign) -> FitStage:
    slot = 2 if sign in (Sign.PAD, Sign.FLICKER) else None
    return FitStage(phase=FitPhase.CUE, sign=sign, trial=2, trials=4, cue=3, cues=8, slot=slot)


def starting_pages() -> dict[str, Showing]:
    """The starting page from its first picture to the dots, and when something is wrong."""
    begun = tuple(Row(part, Standing.STARTING, Says.STARTING) for part in Part)
    up = tuple(Row(part, Standing.READY, Says.READY) for part in Part)
    waiting = {"addresses": ("192.168.10.123", "fd12:3456:789a:1:2345:6789:abcd:ef01"), "version": "0.1.0"}
    model = "smollm2-135m-instruct-q8-5f2a"
    calm = (
        Row(Part.WRITING, Standing.READY, Says.READY),
        Row(Part.MODEL, Standing.STARTING, Says.LOADING_MODEL),
        Row(Part.EYES, Standing.CALM, Says.NO_FACE),
        Row(Part.HEADBAND, Standing.CALM, Says.NO_HEADBAND),
    )
    wrong = tuple(
        Row(part, Standing.TROUBLE, m.Notice(process=part, trouble=trouble))
        for part, trouble in (
            (Part.MODEL, Trouble.MODEL_WRONG_HASH),
            (Part.EYES, Trouble.CAMERA_MISSING),
            (Part.HEADBAND, Trouble.HEADBAND_MISSING),
            (Part.SOUND, Trouble.SOUND_MISSING),
            (Part.RECORD, Trouble.JOURNAL_FAILED),
        )
    )
    silent = Row(Part.WRITING, Standing.TROUBLE, Says.SILENT)
    return {
        "starting": Showing(starting=Starting(rows=begun)),
        "first start": Showing(starting=Starting(rows=begun, first=True, version="0.1.0")),
        "first start goes on": Showing(starting=Starting(rows=calm + up[4:], first=True, **waiting)),
        "first start waits": Showing(
            starting=Starting(rows=calm + up[4:], first=True, can_go_on=True, model=model, **waiting)
        ),
        "first start in trouble": Showing(
            starting=Starting(rows=(silent, *wrong), first=True, can_go_on=True, model=model, **waiting),
            core_silent=True,
            help=Stage.NONE,
        ),
    }
