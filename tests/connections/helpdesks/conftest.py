"""The help desks that the contract is tried on: an in-process one, and with --real real ones."""

from collections.abc import Iterator

import pytest

from connections.helpdesks.help_desk import HelpDesk
from tests.connections.helpdesks.over_there import OverThere
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import RequestTrackerServer
from tests.connections.helpdesks.telling import Telling
from tests.connections.helpdesks.zendesk_over_there import ZendeskOverThere
from tests.connections.helpdesks.zendesk_server import ZendeskServer
from tests.real.request_tracker import NotInstalled, RealRequestTracker, install
from tests.store.postgres_server import PostgresServer


def _real(name: str) -> object:
    return pytest.param(name, marks=[pytest.mark.real, pytest.mark.xdist_group(name)])


REQUEST_TRACKERS = ("in-process", _real("sqlite"), _real("postgresql"))
"""The in-process one, and real ones on either database, each in a process of its own."""

HELP_DESKS = (*REQUEST_TRACKERS, "zendesk")
"""All whose other side the contract is tried on; of Zendesk there is the in-process one only."""


@pytest.fixture(scope="session", params=HELP_DESKS)
def there(request: pytest.FixtureRequest) -> Iterator[OverThere]:
    """Give the other side of a help desk."""
    if request.param == "zendesk":
        with ZendeskServer() as zendesk:
            yield ZendeskOverThere(zendesk)
        assert zendesk.violations == []
        return
    if request.param == "in-process":
        with RequestTrackerServer() as server:
            yield RequestTrackerOverThere(server)
        return
    try:
        install()
    except NotInstalled as missing:
        pytest.fail(f"there is no real Request Tracker to try: {missing}", pytrace=False)
    if request.param == "sqlite":
        with RealRequestTracker() as real:
            yield RequestTrackerOverThere(real)
    else:
        with PostgresServer() as databases, RealRequestTracker(databases.new_database()) as real:
            yield RequestTrackerOverThere(real)


@pytest.fixture
def desk(there: OverThere) -> Iterator[HelpDesk]:
    """Give what we speak to the help desk with, as the loop."""
    desk = there.help_desk()
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def present(there: OverThere) -> Telling:
    """Give what has read all that there was before the first test, and goes on from there."""
    return Telling(there.help_desk())


@pytest.fixture
def told(desk: HelpDesk, present: Telling) -> Telling:
    """Give what the help desk has told since the test began."""
    present.read()
    return Telling(desk, present.cursor)
