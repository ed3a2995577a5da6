"""The keys of a connection to a Zendesk: what is taken, and one line for what is not."""

from datetime import timedelta

import pytest

from connections.helpdesks.zendesk_rates import RateLimits
from connections.helpdesks.zendesk_settings import zendesk_settings
from policy.refusal import Refusal
from policy.words import Status

ADDRESS = "https://acme.zendesk.com"


@pytest.mark.parametrize(
    "written", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}/api/v2", f"{ADDRESS}/agent/"]
)
def test_where_a_zendesk_is(written: str) -> None:
    assert zendesk_settings({"address": written}).root == f"{ADDRESS}/api/v2"


def test_what_needs_not_be_said_of_a_zendesk() -> None:
    settings = zendesk_settings({"address": ADDRESS})
    assert settings.status_there(Status.ON_HOLD) == "hold"
    assert settings.status_there(Status.CLOSED) == "solved", "closing is for Zendesk itself"
    assert settings.settles_after == timedelta(minutes=2)
    own = zendesk_settings({"address": ADDRESS, "statuses": {"closed": "closed"}})
    assert own.status_there(Status.CLOSED) == "closed"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "connection: address: "),
        ({"address": "http://acme.zendesk.com"}, "an address that starts with https://"),
        ({"address": f"{ADDRESS}/hc/en-us"}, f"expected the host alone, such as {ADDRESS}"),
        ({"address": "https://a:b@acme.zendesk.com"}, "without a login"),
        ({"address": ADDRESS, "statuses": {"on_hold": "waiting"}}, 'not "waiting" for on_hold'),
        ({"address": ADDRESS, "statuses": {"waiting": "hold"}}, 'not "waiting"'),
        ({"address": ADDRESS, "priorities": {"p0": 90}}, "not 90 for p0"),
        ({"address": ADDRESS, "closed_days": -1}, "a number of days"),
        ({"address": ADDRESS, "gives_up_after": 0}, "a number of seconds"),
        ({"address": ADDRESS, "queues": ["Support"]}, "queues"),
    ],
)
def test_a_wrong_key_of_a_zendesk_is_named(table: dict[str, object], said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        zendesk_settings(table)
    assert said in refusal.value.reason
    assert "\n" not in refusal.value.reason


@pytest.mark.parametrize(
    ("headers", "pace", "is_spent"),
    [
        ({}, 0.0, False),
        (
            {"ratelimit-limit": "700", "ratelimit-remaining": "600", "ratelimit-reset": "30"},
            0.1,
            False,
        ),
        (
            {"ratelimit-limit": "700", "ratelimit-remaining": "70", "ratelimit-reset": "30"},
            30.0,
            True,
        ),
        ({"x-rate-limit": "200", "x-rate-limit-remaining": "0"}, 60.0, True),
        ({"zendesk-ratelimit-tickets-index": "total=100; remaining=50; resets=25"}, 1.0, False),
        ({"zendesk-ratelimit-tickets-index": "total=100; remaining=0; resets=25"}, 25.0, False),
        ({"ratelimit-remaining": "many"}, 0.0, False),
    ],
)
def test_the_pace_that_headers_set(headers: dict[str, str], pace: float, is_spent: bool) -> None:
    limits = RateLimits.of(headers)
    assert limits.pace.total_seconds() == pytest.approx(pace)
    assert limits.is_spent is is_spent
