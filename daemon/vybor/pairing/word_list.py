"""Words that are read aloud from one screen and found on the other: short, common, unlike each other."""

ENGLISH = (
    "apple arrow baker basket bell bird boat bread bridge candle carpet castle cherry circle cloud "
    "coffee corner cotton curtain dolphin drum eagle engine feather finger forest garden glass "
    "guitar hammer harbour honey horse island jacket kettle ladder lemon letter magnet market melon "
    "mirror monkey mountain needle ocean orange paper pencil pepper pillow planet rabbit ribbon "
    "river saddle silver spoon summer ticket tiger tulip window"
)
RUSSIAN = (
    "арбуз банан берег билет ваза ветер вилка волна ворота гитара голубь город груша дерево дождь "
    "дорога дракон ёлка жираф забор замок звезда зеркало зима игла камень карета кино ключ книга "
    "колесо корабль крыша лампа лимон ложка лошадь мост море музыка облако огонь озеро окно орёл "
    "парус перо пирог планета платок поезд птица радуга река роза сахар свеча снег солнце стол тигр "
    "трава труба яблоко"
)
WORDS: dict[str, tuple[str, ...]] = {"en": tuple(ENGLISH.split()), "ru": tuple(RUSSIAN.split())}
