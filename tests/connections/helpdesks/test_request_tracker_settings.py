"""The keys of a connection to a Request Tracker: what is taken, and one line for what is not."""

from datetime import timedelta

import pytest

from connections.helpdesks.request_tracker_settings import request_tracker_settings
from policy.refusal import Refusal
from policy.words import Status

ADDRESS = "https://rt.example.com"


@pytest.mark.parametrize(
    ("written", "root"),
    [
        (ADDRESS, f"{ADDRESS}/REST/2.0"),
        (f"{ADDRESS}/", f"{ADDRESS}/REST/2.0"),
        (f"{ADDRESS}/rt/REST/2.0/", f"{ADDRESS}/rt/REST/2.0"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/REST/2.0"),
    ],
)
def test_where_it_is(written: str, root: str) -> None:
    assert request_tracker_settings({"address": written}).root == root


def test_what_goes_without_saying() -> None:
    settings = request_tracker_settings({"address": ADDRESS})
    assert (settings.mark_field, settings.queues) == ("numberone", ())
    assert settings.status_there(Status.ON_HOLD) == "stalled"
    assert settings.settles_after == timedelta(minutes=2)
    own = request_tracker_settings(
        {"address": ADDRESS, "statuses": {"on_hold": "waiting"}, "priorities": {"a": 100}}
    )
    assert own.status_there(Status.ON_HOLD) == "waiting"
    assert own.status_there(Status.PENDING) == "stalled"
    assert own.priorities == {"a": "100"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("address", "rt.example.com", "expected an address that starts with https://"),
        ("address", "http://rt.example.com", "expected an address that starts with https://"),
        ("address", 7, "expected an address that starts with https://"),
        ("address", "https://me:secret@rt.example.com", "without a login"),
        ("queues", "Support", 'expected a list of queues such as ["Support"], not "Support"'),
        ("mark_field", "", "expected text in quotes that says something"),
        ("statuses", {"waiting": "x"}, "expected new, open, pending, on_hold, solved or closed"),
        ("priorities", {"a": True}, "expected a number or a text, not true for a"),
        ("closed_days", -1, "expected a number of days, from 0 to 100,000, not -1"),
        ("gives_up_after", "2m", 'expected a number of seconds, from 1 to 3,600, not "2m"'),
        ("que", ["Support"], "expected address, queues,"),
    ],
)
def test_a_wrong_one_is_named_on_one_line(key: str, value: object, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        request_tracker_settings({"address": ADDRESS, key: value}, "my.toml, connection desk")
    reason = refused.value.reason
    assert reason.startswith(f"my.toml, connection desk: {key}")
    assert words in reason
    assert "\n" not in reason
    assert "secret" not in reason
