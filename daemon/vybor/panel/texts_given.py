"""Every word of the pages of phrases and of topic documents, in English; `texts` has the others. Pure."""

from enum import StrEnum

from vybor.retrieval.documents import Why


class PhraseText(StrEnum):
    """Of phrases."""

    TITLE = "Phrases"
    ABOUT = (
        "Phrases that you give the wearer to say with one choice. Their screen tells them when you change some, "
        "and they can remove each of them."
    )
    HIDDEN = "Phrases that the wearer keeps: {count}. They are theirs, and are not shown here."
    NEW = "A new phrase, of at most {count} letters"
    ADD = "Add"
    GIVEN = "Given by carers"
    ORDER = "Those said most stand first on the kit; of the others, the order is this one."
    NONE = "No phrase was given yet."
    TEXT = "Phrase"
    CHANGE = "Change"
    UP = "Up"
    DOWN = "Down"
    REMOVE = "Remove"
    ADDED = "Added: “{phrase}”."
    CHANGED = "Changed: “{phrase}”."
    MOVED = "Moved: “{phrase}”."
    REMOVED = "Removed: “{phrase}”."
    UNDO = "Undo the last change"
    UNDONE = "The last change is undone."
    NO_WORDS = "A phrase needs words: write some, and add it again."
    TOO_LONG = "The phrase has {count} letters, of which {most} fit on a tile: make it shorter."
    TOO_MANY = "There are as many phrases as fit: remove one first."
    GONE = "That phrase is not there any more: look at those that are."
    ALREADY = "That phrase is there already: “{phrase}”."
    NOTHING_TO_UNDO = "There is nothing to undo."
    NOT_HEARD = "The kit does not answer now: load the page again in a moment. Nothing was changed."


class WordText(StrEnum):
    """Of words; named as those of phrases are, for one page shows both."""

    TITLE = "Words"
    ABOUT = (
        "Names and words that no list has: of family, places, medicines. They are offered once the wearer spells "
        "how they begin. Their screen tells them when you change some."
    )
    NEW = "A new word or name, of at most {count} letters"
    ADD = "Add"
    GIVEN = "Given by carers"
    NONE = "No word was given yet."
    TEXT = "Word"
    CHANGE = "Change"
    REMOVE = "Remove"
    ADDED = "Added: “{phrase}”."
    CHANGED = "Changed: “{phrase}”."
    REMOVED = "Removed: “{phrase}”."
    UNDO = "Undo the last change"
    UNDONE = "The last change is undone."
    NO_WORDS = "A word has letters and no space: give one at a time, and several together as a phrase."
    TOO_LONG = "The word has {count} letters, of which {most} are taken: make it shorter."
    TOO_MANY = "There are as many words as are taken: remove one first."
    GONE = "That word is not there any more: look at those that are."
    ALREADY = "That word is there already: “{phrase}”."
    NOTHING_TO_UNDO = "There is nothing to undo."
    NOT_HEARD = "The kit does not answer now: load the page again in a moment. Nothing was changed."


class TopicText(StrEnum):
    """Of topic documents."""

    TITLE = "Topics"
    ABOUT = (
        "Documents about what the wearer talks of bring the right names and words. They stay on the kit; a word "
        "that one brought says so on its tile."
    )
    CHOOSE = "Documents: .txt, .md, .pdf or .docx, at most {files} at once and {megabytes} MB together"
    SEND = "Add"
    SAME_NAME = "One of the same name takes the other’s place. A long one takes a minute or two."
    KEPT = "Kept"
    NONE = "There are no topic documents."
    WORDS = "{count} words"
    REMOVE = "Remove"
    ADDED = "{name}: kept."
    REPLACED = "{name}: kept in place of the one before."
    REMOVED = "{name}: removed. It is not used any more, and can be brought back for ten minutes."
    UNDO = "Undo the last change"
    UNDO_ABOUT = "For ten minutes, or until the next change: {names}"
    UNDONE = "The last change is undone."
    NOTHING_TO_UNDO = "There is nothing to undo any more."
    GONE = "{name} is not there any more: look at those that are."
    NOTHING_CHOSEN = "No document was chosen: choose one, and add it then."
    TOO_MANY_FILES = "At most {count} documents are taken at once: nothing was kept; choose fewer."
    TOO_MUCH = "At most {megabytes} MB are taken at once: nothing was kept; choose fewer or smaller documents."
    BROKEN = "Not all of it came: nothing was kept; try again."
    BUSY = "Another document is being read: nothing was kept; try again in a minute."
    NO_ROOM = "The kit’s disk has no room for that: nothing was kept; ask the owner to make some."
    FULL = "{name} was not kept, for there are {count} documents already: remove one first."
    NO_TIME = "{name} was not read, for those before took too long: add it alone."
    NOT_HEARD = "The language model does not answer now: try again in a minute. Nothing was changed."
    NOT_SURE = "{name}: the language model has not answered yet; load the page again to see whether it is there."
    KIND = "{name} is no document that Vybor reads: save it as .txt, .md, .pdf or .docx."
    UNREADABLE = "{name} cannot be read: save it anew."
    LARGE = "{name} is too large once it is unpacked: add a part of it."
    EMPTY = "{name} is empty: there are no words in it."
    LONG = "{name} is too long (over 200,000 words): add the chapters that matter."
    NOT_TEXT = "{name} is not text that Vybor can read: save it as UTF-8 text."
    LOCKED = "{name} is locked by a password: save a copy without one."
    OLD_WORD = "{name} is locked by a password, or an old Word file: save it as .docx without one."
    PICTURES = "{name} holds pictures of text (a scan): let a text recognition (OCR) read it first."
    DAMAGED = "{name} is damaged: save it anew, or as .txt."
    LIMITS = "{name} asks for more memory or time than a document may have: save it as .txt, or add a part of it."


REFUSALS: dict[Why, TopicText] = {why: TopicText[why.name] for why in Why}
