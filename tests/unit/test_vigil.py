"""Who is silent."""

from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.core import vigil
from vybor.foundation.clock import seconds

START = vigil.Vigil(seconds(100), ("gaze", "voice"), {})


def said(process: str, at_s: float, *troubles: m.Notice) -> m.Health:
    return m.Health(at_ns=seconds(at_s), process=process, pid=1, troubles=troubles)


def silent(now: vigil.Vigil, at_s: float) -> list[str]:
    return [n.process for n in vigil.notices(now, seconds(at_s)) if n.trouble is Trouble.PROCESS_SILENT]


def test_a_process_may_take_its_time_to_start() -> None:
    assert silent(START, 114) == []
    assert silent(START, 116) == ["gaze", "voice"]


def test_a_process_that_spoke_is_missed_after_three_seconds_and_heals() -> None:
    now = vigil.heard(vigil.heard(START, said("gaze", 110)), said("voice", 110))
    assert silent(now, 112.9) == []
    assert silent(now, 113.1) == ["gaze", "voice"]
    assert silent(vigil.heard(now, said("gaze", 113.2)), 113.3) == ["voice"]


def test_a_process_that_is_another_one_began_anew_and_one_that_speaks_first_did_not() -> None:
    assert not vigil.began_anew(START, said("voice", 110))
    now = vigil.heard(START, said("voice", 110))
    assert not vigil.began_anew(now, said("voice", 111))
    assert not vigil.began_anew(now, m.Health(at_ns=seconds(111), process="gaze", pid=2))
    assert vigil.began_anew(now, m.Health(at_ns=seconds(111), process="voice", pid=2))


def test_the_troubles_of_those_who_speak_are_passed_on_and_those_of_the_silent_are_not() -> None:
    no_camera = m.Notice(process="gaze", trouble=Trouble.CAMERA_MISSING, detail="no camera")
    now = vigil.heard(START, said("gaze", 110, no_camera))
    assert no_camera in vigil.notices(now, seconds(111))
    assert no_camera not in vigil.notices(now, seconds(120))
