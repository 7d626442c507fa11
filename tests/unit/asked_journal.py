"""The bus as whoever asks the journal for what was said uses it; the test answers."""

from vybor.contracts import messages as m


class Journal:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[m.TellSentences] = []
        self.taken_back: list[str] = []

    def new_request(self) -> str:
        return str(len(self.asked) + 1)

    def ask(self, receiver: str, command: m.TellSentences) -> None:
        assert receiver == "journal"
        self.asked.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        self.taken_back.append(request)
