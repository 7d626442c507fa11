"""What every source of points keeps, whatever gives them. A new one adds a stand (points_stands.py).

Files and the pointer are held to it in test_eyetracker_contract.py, Lab Streaming Layer on a loopback of its own
(eyetracker_loopback.py).
"""

from itertools import pairwise

import pytest

from unit.points_stands import APART_NS, BACK, BLIND, FAR, NAN, TORN, Stand
from vybor.foundation.clock import seconds
from vybor.points.source import TrackerMissing, TrackerStopped

PLACES = [(0.1, 0.2), (0.5, 0.5), (0.9, 0.8), (0.3, 0.7)]


class PointContract:
    def test_its_calls_may_come_in_any_order(self, stand: Stand) -> None:
        source = stand.source
        source.stop()
        assert source.read() == ()
        assert stand.shown([(0.5, 0.5)])
        source.stop()
        source.stop()
        assert source.read() == ()
        assert stand.shown([(0.25, 0.5)])[-1].place == pytest.approx((0.25, 0.5), abs=1e-5)

    def test_looks_come_in_order_with_their_places_and_times(self, stand: Stand) -> None:
        spots = stand.shown(PLACES)
        assert [spot.place for spot in spots] == [pytest.approx(place, abs=1e-5) for place in PLACES]
        times = [spot.at_ns for spot in spots]
        assert times == sorted(set(times))
        assert times[-1] <= stand.clock.now_ns()
        assert times[-1] - times[0] == pytest.approx((len(PLACES) - 1) * APART_NS, abs=stand.within_ns)
        assert stand.clock.now_ns() - times[-1] <= seconds(0.1)
        assert stand.source.skipped == 0

    @pytest.mark.parametrize("nonsense", [TORN, FAR, BACK])
    def test_what_is_no_look_is_counted_and_left_out(self, stand: Stand, nonsense: str) -> None:
        if nonsense in stand.cannot:
            pytest.skip("there is no such thing here")
        spots = stand.shown([(0.1, 0.2), (0.2, 0.2), nonsense, (0.3, 0.2), (0.4, 0.2)])
        seen = [round(spot.place[0], 4) for spot in spots if spot.place]
        assert set(seen) <= {0.1, 0.2, 0.3, 0.4}
        assert {0.1, 0.2, 0.4} <= set(seen)
        assert all(earlier.at_ns < later.at_ns for earlier, later in pairwise(spots))
        assert 1 <= stand.source.skipped <= 2

    @pytest.mark.parametrize("unseen", [BLIND, NAN])
    def test_eyes_that_it_does_not_see_have_no_place(self, stand: Stand, unseen: str) -> None:
        if unseen in stand.cannot:
            pytest.skip("there is no such thing here")
        spots = stand.shown([(0.1, 0.2), unseen, (0.3, 0.2)])
        assert [spot.place and round(spot.place[0], 4) for spot in spots] == [0.1, None, 0.3]

    def test_a_place_a_little_beyond_the_edge_is_kept(self, stand: Stand) -> None:
        beyond = [(-0.2, 0.5), (0.5, 1.4)]
        assert [spot.place for spot in stand.shown(beyond)] == [pytest.approx(place, abs=1e-5) for place in beyond]

    def test_it_says_what_it_is_and_what_to_do(self, stand: Stand) -> None:
        stand.shown([(0.5, 0.5)])
        assert stand.source.told
        assert stand.source.remedy

    def test_what_goes_away_is_said_and_found_again(self, stand: Stand) -> None:
        if "leave" in stand.cannot:
            pytest.skip("it cannot go away")
        stand.shown([(0.5, 0.5)])
        stand.leave()
        with pytest.raises(TrackerStopped, match=r"(;|again)"):
            stand.until_it_fails()
        stand.source.stop()
        if "miss" not in stand.cannot:
            with pytest.raises(TrackerMissing, match=r"; "):
                stand.source.start()
            stand.source.stop()
        assert stand.source.read() == ()
        stand.come_back()
        assert stand.shown([(0.75, 0.5)])[-1].place == pytest.approx((0.75, 0.5), abs=1e-5)
