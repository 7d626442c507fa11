"""What numbers, figures and rules of a fit are called on a terminal; files keep the short names. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts.numbers import Numbers
from vybor_workshop.gate.judging import Judged
from vybor_workshop.personal.fit import Fit

NUMBERS: Mapping[Kind, Mapping[str, str]] = {
    Kind.INTEREST: {
        "gazed": "what a word counts that was looked at long, beside one that was taken",
        "half_life": "so many words later it counts half",
        "shrunk": "how carefully: as if so many words about nothing had been taken",
        "weight": "how strongly a word is moved that is wholly of interest, in nats, before the limit",
    },
    Kind.COUNTS: {
        "shares": "the share of own words after none, one and two known words",
        "half_grown": "with so many words said, half of that",
        "least_pair": "so often a pair of words must have been said to be kept",
        "least_triple": "so often three in a row must have been said to be kept",
        "fresh": "of so many newest texts all is kept",
    },
    Kind.SIGNS: {
        "blink_microvolts": "height of the weaker of two blinks, in microvolts",
        "blink_rhythm_s": "from the first blink to the second, in seconds",
        "blink_shift": "how much further double blinks are believed, in log-odds",
        "clench_times": "how many times as strong as what is loud a clench is",
        "clench_shift": "how much further clenches are believed, in log-odds",
        "fitting": "fittings of signs that the kit had had by then",
    },
}
FIGURES: Mapping[str, str] = {
    "changed": "numbers that are others than those that are worn",
    "days": "days to judge by",
    "choices": "choices to judge by",
    "signs": "signs to judge by",
    "not_meant": "of these signs, not meant",
    "held": "sentences to judge by",
    "nats_fitted": "nats better where it was learned, which proves nothing",
    "nats_over_worn": "nats a sign better than as the kit believed it",
    "nats_over_usual": "nats better than by everybody's numbers",
    "nats_over_none": "nats a choice better than without interest",
    "nats_over_before": "nats better than by the numbers published last",
    "usual_over_none": "nats a choice that everybody's numbers are better than no interest",
    "false_over_worn": "share of signs that choose unmeant, more than before",
    "missed_over_worn": "share of signs that are missed, more than before",
    "wrong_over_worn": "share of signs that are wrong either way, more than before",
    "ppl": "perplexity",
    "ppl_usual": "perplexity by everybody's numbers",
    "ppl_over_usual": "perplexity, times that by everybody's numbers",
    "ppl_over_before": "perplexity, times that by the numbers published last",
    "rows": "words, pairs and triples that are kept",
    "rows_usual": "the same by everybody's numbers",
    "rows_over_usual": "kept, times what everybody's numbers keep",
}
ANY = "any"
"""In the place of a number that is not there: nothing was learned of it."""
WIDTH = 80


def number_lines(kind: Kind, numbers: Numbers) -> Iterator[str]:
    """Each number, and what it is for everybody where that is another one."""
    usual = type(numbers)()
    for name, called in NUMBERS[kind].items():
        its, everybodys = getattr(numbers, name), getattr(usual, name)
        beside = "" if its == everybodys else f"   (everybody: {_number(everybodys)})"
        yield f"{called:<{WIDTH}}  {_number(its)}{beside}"


def figure_lines(figures: Mapping[str, Interval]) -> Iterator[str]:
    """Each figure, and between what it lies where it was drawn anew."""
    for name, each in figures.items():
        between = "" if each.low == each.high else f"   {each.low:.4f} to {each.high:.4f}"
        value = (
            f"{each.value:g}" if each.low == each.high and each.value == int(each.value) else f"{each.value:.4f}"
        )
        yield f"{FIGURES[name]:<{WIDTH}}  {value}{between}"


def rule_line(rule: Judged) -> str:
    """A rule: whether it holds, what it says, and by which figure."""
    word = "holds" if rule.holds else "does not hold"
    value = "nothing to measure" if rule.value is None else f"{rule.value:.4g}"
    limit = f"{'at least' if rule.limit.is_least else 'at most'} {rule.limit.value:g}"
    return f"{word:<13}  {rule.says:<65}  {value}, {limit} is asked for"


def failed(rules: Sequence[Judged]) -> str:
    """What does not hold, for the end of a sentence."""
    return "; ".join(f"not so: {rule.says}" for rule in rules if not rule.holds)


def outcome(fit: Fit, name: str) -> str:
    """What comes of it."""
    if fit.passes:
        return f"{fit.kind} {name} may be published: `vybor-workshop publish --kind {fit.kind}`"
    return f"{fit.kind} {name}: nothing sure was found ({failed(fit.rules)}); what the kit has goes on"


def _number(value: object) -> str:
    if value is None:
        return ANY
    if isinstance(value, tuple):
        return ", ".join(map(_number, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
