"""The system's zone agrees with the same zone known by its name, second time around included."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.phrasing.times import LocalZone

ZONES = ["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"]


@pytest.fixture(scope="module", params=ZONES)
def zone(request: pytest.FixtureRequest) -> Iterator[ZoneInfo]:
    """Set the system's zone."""
    name = str(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield ZoneInfo(name)
    time.tzset()


@given(since_1970=st.integers(0, 2_000_000_000))
def test_an_instant_shows_as_in_the_named_zone(zone: ZoneInfo, since_1970: int) -> None:
    moment = datetime.fromtimestamp(since_1970, UTC)
    here, there = moment.astimezone(LocalZone()), moment.astimezone(zone)
    assert (here.replace(tzinfo=None), here.fold) == (there.replace(tzinfo=None), there.fold)
    assert here.utcoffset() == there.utcoffset()
    assert here.astimezone(UTC) == moment


def test_both_times_that_clocks_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    first, second = (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    assert [each.astimezone(LocalZone()).fold for each in (first, second)] == [0, 1]
    assert second.astimezone(LocalZone()).tzname() == "CET"
    monkeypatch.undo()
    time.tzset()
