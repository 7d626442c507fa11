"""What goes out of what is spoken: only while it is armed, each sentence once, and nothing private."""

import msgspec
import pytest

from unit.test_deciding import MENU, UNDO, Writer, slot_of
from vybor.composer.lasting import Kit, Lasting
from vybor.composer.writing import Writing, choose
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Trouble, WayOut
from vybor.core.desks.text_out import TOLD_FOR_NS, Gone, Sent, TextOut, step

SPEAK = 3
KIT = (Role.TOOLS, Role.KIT)
ON_X = tuple(WayOut)


class Bus:
    """Keeps what is asked of the display."""

    def __init__(self) -> None:
        self.asked: list[m.PutOut] = []
        self.taken_back: list[str] = []

    def new_request(self) -> str:
        return f"put-{len(self.asked)}"

    def ask(self, receiver: str, command: m.PutOut) -> None:
        assert receiver == "display"
        self.asked.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        assert receiver == "display"
        self.taken_back.append(request)


class Armed(Writer):
    """Writes at a display on a desktop."""

    def __init__(self, ways: tuple[WayOut, ...] = ON_X) -> None:
        super().__init__()
        self.ways, self.session, self.bus = ways, "run 1", Bus()
        self.out = TextOut(self.bus)

    def show(self, screen: m.Screen | None = None) -> None:
        now = screen or self.screen()
        self.hear(m.Shown(at_ns=self.now_ns, screen=now, session=self.session, ways_out=self.ways))

    def hear(self, message: m.AnyMessage) -> None:
        before, made = self.state.writing, len(self.decided)
        super().hear(message)
        for decided in self.decided[made:]:
            self.out.act(before, self.state.writing, decided, self.now_ns)

    def take(self, *roles: Role) -> None:
        for role in roles:
            self.choose(slot_of(self, role))

    def arm(self, role: Role) -> None:
        self.choose(MENU)
        self.take(*KIT, role, Role.BACK)

    def speak(self) -> None:
        self.choose(0)
        self.choose(SPEAK)

    @property
    def sent(self) -> list[tuple[WayOut, str]]:
        return [(put.way, put.text) for put in self.bus.asked]

    def told(self) -> list[Trouble]:
        return [notice.trouble for notice in self.out.notices(self.now_ns)]


def test_nothing_goes_out_that_was_not_armed() -> None:
    armed = Armed()
    armed.speak()
    assert armed.sent == []
    assert armed.screen().armed is None


@pytest.mark.parametrize(("role", "way"), [(Role.COPY, WayOut.COPY), (Role.TYPE, WayOut.TYPE)])
def test_while_it_is_armed_each_speak_goes_out_once_as_it_is_said(role: Role, way: WayOut) -> None:
    armed = Armed()
    armed.arm(role)
    assert armed.screen().armed is way
    armed.speak()
    armed.speak()
    assert armed.sent == [(way, "I."), (way, "I.")]
    assert [put.text for put in armed.bus.asked] == [one.say for one in armed.decided if one.say]
    assert {put.session for put in armed.bus.asked} == {"run 1"}
    assert all(put.until_ns > armed.now_ns - TOLD_FOR_NS for put in armed.bus.asked)


def test_a_second_choice_disarms_and_the_other_way_takes_its_place() -> None:
    armed = Armed()
    armed.arm(Role.COPY)
    armed.choose(MENU)
    armed.take(*KIT)
    assert {Role.NO_COPY, Role.TYPE} <= {tile.role for tile in armed.state.tiles}
    armed.take(Role.TYPE)
    assert {Role.COPY, Role.NO_TYPE} <= {tile.role for tile in armed.state.tiles}
    armed.take(Role.NO_TYPE, Role.BACK)
    armed.speak()
    assert armed.sent == []
    assert armed.screen().armed is None


def test_arming_is_recorded_as_a_switch_of_the_kit_and_changes_no_text() -> None:
    armed = Armed()
    armed.choose(0)
    armed.arm(Role.TYPE)
    made = armed.decided[-2].decision
    assert (made.action, made.text_before, made.text_after, made.said) == (Action.KIT, "I", "I", "")


def test_nothing_but_speak_goes_out() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.choose(MENU)
    armed.choose(0)  # an answer
    armed.choose(MENU)
    armed.take(Role.HELP)
    armed.choose(UNDO)
    armed.choose(0)
    armed.choose(MENU)
    armed.take(Role.TOOLS, Role.REPEAT)
    assert {one.decision.action for one in armed.decided} >= {Action.ANSWER, Action.HELP, Action.REPEAT}
    assert armed.sent == []


@pytest.mark.parametrize("role", [Role.UNLEARN, Role.INCOGNITO])
def test_private_text_stays_in_the_kit(role: Role) -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    if role is Role.UNLEARN:
        armed.choose(0)
    armed.choose(MENU)
    armed.take(Role.TOOLS, role)
    armed.speak()
    assert armed.sent == []
    armed.choose(UNDO)
    assert armed.told() == []


def test_what_is_taken_back_stays_there_and_is_told_and_does_not_go_out_twice() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.speak()
    armed.choose(UNDO)
    assert armed.told() == [Trouble.TYPED_STAYS]
    armed.choose(SPEAK)
    assert armed.told() == []  # it is right where it lies
    assert armed.sent == [(WayOut.TYPE, "I.")]
    armed.choose(UNDO)
    armed.choose(0)
    armed.choose(SPEAK)
    assert armed.sent == [(WayOut.TYPE, "I."), (WayOut.TYPE, "I I.")]
    armed.now_ns += TOLD_FOR_NS + 1
    assert armed.told() == []


def test_a_word_that_is_taken_back_was_never_typed() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.speak()
    armed.choose(0)
    armed.choose(UNDO)
    assert armed.told() == []


def test_what_was_not_meant_stays_where_it_was_copied_until_that_is_undone_too() -> None:
    armed = Armed()
    armed.arm(Role.COPY)
    armed.speak()
    armed.choose(MENU)
    armed.take(Role.NOT_MEANT)
    assert armed.state.writing.mode is Mode.MENDING
    assert armed.told() == [Trouble.COPIED_STAYS]
    armed.now_ns += TOLD_FOR_NS + 1
    armed.choose(UNDO)  # it was meant after all
    assert armed.told() == []
    armed.choose(UNDO)
    assert armed.told() == [Trouble.COPIED_STAYS]
    assert armed.sent == [(WayOut.COPY, "I.")]


def test_a_step_that_has_the_depth_of_one_that_went_out_is_another() -> None:
    armed = Armed()
    armed.arm(Role.COPY)
    armed.speak()
    armed.choose(UNDO)
    armed.choose(MENU)
    armed.take(*KIT, Role.NO_COPY, Role.BACK)
    armed.now_ns += TOLD_FOR_NS + 1
    armed.choose(SPEAK)
    armed.choose(UNDO)
    assert armed.told() == []


def test_what_could_not_go_out_is_told_and_goes_out_when_it_is_spoken_again() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.speak()
    (put,) = armed.bus.asked
    armed.out.answered(m.Refused(request=put.request, reason="xdotool: no"), armed.now_ns)
    (notice,) = armed.out.notices(armed.now_ns)
    assert (notice.trouble, notice.detail) == (Trouble.NOT_TYPED, "xdotool: no")
    armed.now_ns += TOLD_FOR_NS + 1
    armed.choose(UNDO)
    assert armed.told() == []
    armed.choose(SPEAK)
    assert len(armed.sent) == 2
    armed.out.answered(m.Done(request=armed.bus.asked[-1].request), armed.now_ns)
    assert armed.told() == []


def test_rest_disarms() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.choose(MENU)
    armed.take(Role.REST)
    assert armed.screen().armed is None
    armed.take(Role.WAKE, Role.WAKE)
    armed.speak()
    assert armed.sent == []


def test_a_display_that_starts_again_disarms() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.session = "run 2"
    armed.show()
    assert armed.screen().armed is None
    armed.speak()
    assert armed.sent == []


def test_a_way_that_is_gone_is_neither_armed_nor_offered() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.ways = (WayOut.COPY,)
    armed.show()
    assert armed.screen().armed is None
    armed.choose(MENU)
    armed.take(*KIT)
    assert Role.COPY in {tile.role for tile in armed.state.tiles}
    assert Role.TYPE not in {tile.role for tile in armed.state.tiles}


def test_without_a_desktop_nothing_can_be_armed() -> None:
    armed = Armed(())
    armed.choose(MENU)
    armed.take(*KIT)
    always = {Role.NIGHT, Role.PRACTICE, Role.FIT, Role.SHARING, Role.ERASE, Role.BACK, Role.MENU}
    assert {tile.role for tile in armed.state.tiles} == always


def test_older_messages_are_understood() -> None:
    shown, screen = m.Shown(at_ns=1, screen=None), Writer().screen()
    for message, new in ((shown, ("session", "ways_out")), (screen, ("armed",))):
        plain = msgspec.to_builtins(message)
        for name in new:
            del plain[name]
        assert msgspec.convert(plain, type(message)) == message


@pytest.mark.parametrize("armed", [None, WayOut.TYPE])
def test_what_went_out_from_further_on_than_a_new_sentence_is_forgotten(armed: WayOut | None) -> None:
    """More was undone than is known to have been spoken: another sentence may stand in its place by then."""
    gone = Gone(WayOut.TYPE, "run 1", "Long ago.")
    kit = Kit(display="run 1", ways_out=ON_X, armed=armed)
    before = Writing(text="I", past=("",), lasting=Lasting(depth=4, kit=kit))
    spoken = choose(before, next(tile for tile in Armed().state.tiles if tile.role is Role.CANDIDATE)).writing
    sent = step(Sent({2: gone, 9: gone}), before, spoken, Action.SPEAK, "I.").sent
    assert sent.gone.keys() == ({2, 5} if armed else {2})


def test_of_what_was_deleted_nothing_is_known_nor_put_out_later() -> None:
    armed = Armed()
    armed.arm(Role.TYPE)
    armed.speak()
    assert armed.out._sent != Sent()
    armed.out.forget()
    assert (armed.out._sent, armed.bus.taken_back) == (Sent(), [armed.bus.asked[-1].request])
    armed.out.answered(m.Refused(request=armed.bus.asked[-1].request, reason="gone"), armed.now_ns)
    assert armed.out.notices(armed.now_ns) == ()
