"""Every figure in one table: how it is called, what it says, how it is reckoned and which way is better. Pure."""

from enum import StrEnum

import msgspec


class Name(StrEnum):
    """The figures, as evaluation.json, the rules of the gate and benches call them."""

    ACCEPT_1 = "accept_at_1"
    ACCEPT_3 = "accept_at_3"
    ACCEPT_5 = "accept_at_5"
    RECIPROCAL_RANK = "reciprocal_rank"
    OFFERED_1 = "offered_at_1"
    OFFERED_3 = "offered_at_3"
    OFFERED_5 = "offered_at_5"
    NONE_RATE = "none_rate"
    KSR = "ksr"
    SELECTIONS = "selections_a_word"
    KSR_GENERAL = "ksr_general"
    PPL_OWN = "ppl_own"
    PPL_ACCEPTED = "ppl_accepted"
    PPL_SPELLED = "ppl_spelled"
    PPL_OTHERS = "ppl_others"
    PPL_GENERAL = "ppl_general"
    OWN_OVER_OTHERS = "ppl_user_over_others_ratio"
    RARE_WORDS = "rare_words_recalled"
    NAMES = "names_recalled"
    DISTINCT_2 = "distinct_2"
    OFFER_MS = "offer_ms"
    DECODE = "decode_tokens_a_s"


class Combine(StrEnum):
    """How sentences become one figure."""

    RATE = "rate"
    """The sum of what was counted over the sum of what it is out of."""
    SAVED = "saved"
    """The same taken from one, in percent."""
    PERPLEXITY = "perplexity"
    """Nats over tokens, as e to their power."""
    DISTINCT = "distinct"
    """Different pairs of words over all pairs."""


class Compare(StrEnum):
    """How two models' figures are set against each other."""

    DIFFERENCE = "difference"
    RATIO = "ratio"


class Against(StrEnum):
    """What a rule of the gate holds a figure against."""

    FACTORY = "factory"
    PREDECESSOR = "predecessor"
    BUDGET = "budget"
    """The losses against predecessors that were let through since the best one, and this one's."""
    NOTHING = "nothing"
    """The figure itself is held against the limit."""


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """One figure."""

    name: Name
    says: str
    combine: Combine = Combine.RATE
    compare: Compare = Compare.DIFFERENCE
    up: bool = True
    """Whether more is better."""
    digits: int = 3


_RATIO = Compare.RATIO
SPECS = (
    Spec(name=Name.ACCEPT_1, says="of recorded offers, the word that was taken comes first"),
    Spec(name=Name.ACCEPT_3, says="… is among the first three"),
    Spec(name=Name.ACCEPT_5, says="… is among the first five"),
    Spec(name=Name.RECIPROCAL_RANK, says="one over its place, on average"),
    Spec(name=Name.OFFERED_1, says="of all words of the text, those that the kit would offer first"),
    Spec(name=Name.OFFERED_3, says="… among three"),
    Spec(name=Name.OFFERED_5, says="… among five"),
    Spec(name=Name.NONE_RATE, says="words before which none of five fits", up=False),
    Spec(name=Name.KSR, says="keystrokes saved on own text, percent", combine=Combine.SAVED, digits=1),
    Spec(name=Name.SELECTIONS, says="selections a word on own text", up=False, digits=2),
    Spec(
        name=Name.KSR_GENERAL,
        says="keystrokes saved on other people's text, percent",
        combine=Combine.SAVED,
        digits=1,
    ),
    *(
        Spec(name=name, says=says, combine=Combine.PERPLEXITY, compare=_RATIO, up=False, digits=1)
        for name, says in (
            (Name.PPL_OWN, "perplexity on own text, all of it"),
            (Name.PPL_ACCEPTED, "perplexity on text that was taken from offers"),
            (Name.PPL_SPELLED, "perplexity on text that was spelled"),
            (Name.PPL_OTHERS, "perplexity on other people's conversation"),
            (Name.PPL_GENERAL, "perplexity on general text"),
        )
    ),
    Spec(
        name=Name.OWN_OVER_OTHERS,
        says="how much more perplexity fell on own text than on other people's",
        compare=_RATIO,
        up=False,
    ),
    Spec(name=Name.RARE_WORDS, says="own rare words offered once their first letter is known"),
    Spec(name=Name.NAMES, says="own names offered once their first letter is known"),
    Spec(
        name=Name.DISTINCT_2,
        says="different pairs of words in what the model says by itself",
        combine=Combine.DISTINCT,
        compare=_RATIO,
    ),
    Spec(name=Name.OFFER_MS, says="milliseconds of an offer on this machine", compare=_RATIO, up=False, digits=0),
    Spec(name=Name.DECODE, says="tokens a second on this machine, one after another", compare=_RATIO, digits=0),
)
BY_NAME = {spec.name: spec for spec in SPECS}
