"""An error that nobody caught is told by its type and places: its words may be the wearer's."""

import subprocess
import sys

import pytest

START = """\
import logging, threading
from vybor.foundation.log import start_logging
start_logging("core", {})
text = "my secret sentence"
"""
CATCH = "try:\n    {}[text]\nexcept KeyError as error:\n    "
THREAD = "def run():\n    raise ValueError(text)\nit = threading.Thread(target=run)\nit.start()\nit.join()"
DEEDS = {
    "ValueError": "raise ValueError(text)",
    "RuntimeError": CATCH + "raise RuntimeError(f'{text}\\n{text}') from error",
    "KeyError": CATCH + "raise ValueError(text)",
    "ExceptionGroup": "raise ExceptionGroup(text, [ValueError(text), TypeError(text)])",
    "TypeError": "raise ExceptionGroup(text, [ExceptionGroup(text, [TypeError(text)])])",
    "OSError": "error = OSError(text)\nerror.add_note(text)\nraise error",
    "uncaught in a thread": THREAD,
    "ignored": "class Held:\n    def __del__(self):\n        raise ValueError(text)\nHeld()",
    "went wrong": CATCH + "logging.getLogger('vybor.core').exception('it went wrong')",
    "UnicodeDecodeError": "bytes([255]).decode()",
}


@pytest.mark.parametrize("names", sorted(DEEDS))
def test_its_type_and_places_are_told_and_not_its_words(names: str) -> None:
    command = [sys.executable, "-c", START + DEEDS[names]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert names in done.stderr
    assert 'File "<string>", line ' in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "text" not in done.stderr  # nor the line of source
    caught = ("uncaught in a thread", "ignored", "went wrong")
    assert done.returncode == (0 if names in caught else 1)


def test_a_chain_that_bites_its_tail_ends() -> None:
    deed = "one = ValueError(text)\ntwo = TypeError(text)\none.__cause__, two.__cause__ = two, one\nraise one"
    command = [sys.executable, "-c", START + deed]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.count("ValueError") == 1
    assert done.stderr.count("TypeError") == 1
    assert "secret" not in done.stderr


def test_an_interrupt_is_no_error() -> None:
    command = [sys.executable, "-c", START + "raise KeyboardInterrupt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
