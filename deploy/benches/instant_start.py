"""What `deploy/bench instant` starts to see how long a start takes: one answer on an empty line."""

import sys
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.keys import Key
from vybor.instant.counts import CountsFile
from vybor.instant.tier import Personal, WordList

if __name__ == "__main__":
    words, own = (
        WordList.open(Path(sys.argv[1])),
        Personal(CountsFile(Path(sys.argv[2]), Key(bytes.fromhex(sys.argv[3])))),
    )
    print(*(candidate.words[0] for candidate in words.answer(m.Prompt(at_ns=0, number=1, text=""), own)))
