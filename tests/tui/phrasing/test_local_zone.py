"""The system's zone agrees with the same zone known by its name, second time around included."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.phrasing.times import LocalZone, ReaderZone

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


@given(since_1970=st.integers(0, 2_000_000_000), name=st.sampled_from([*ZONES, "UTC"]))
def test_a_readers_zone_shows_what_the_zone_itself_shows(since_1970: int, name: str) -> None:
    moment = datetime.fromtimestamp(since_1970, UTC)
    reader, itself = ReaderZone(lambda: ZoneInfo(name)), ZoneInfo(name)
    shown = moment.astimezone(reader)
    assert shown.isoformat() == moment.astimezone(itself).isoformat()
    there = moment.astimezone(itself)
    assert (shown.tzname(), shown.dst()) == (there.tzname(), there.dst())
    assert shown.astimezone(UTC) == moment
    assert str(reader) == name


def test_a_readers_zone_is_looked_up_once_and_only_when_it_is_needed() -> None:
    looked: list[str] = []

    def found() -> tzinfo:
        looked.append("up")
        return ZoneInfo("Asia/Tokyo")

    zone, moment = ReaderZone(found), datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert looked == []
    assert f"{moment.astimezone(zone):%H:%M} {moment.astimezone(zone):%H:%M}" == "07:00 07:00"
    assert looked == ["up"]
    assert zone.settle(UTC)
    assert not zone.settle(UTC)
    assert moment.astimezone(zone).hour == 22


def test_a_zone_that_is_settled_first_is_never_looked_up() -> None:
    zone = ReaderZone(lambda: pytest.fail("nobody asked"))
    zone.settle(ZoneInfo("Asia/Tokyo"))
    assert datetime(2026, 3, 6, 22, tzinfo=UTC).astimezone(zone).hour == 7
