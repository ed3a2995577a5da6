"""An address is named by its host alone, for the rest of it can be a secret."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.web_addresses import is_loopback, named, web_address
from policy.refusal import Refusal

UNHURRIED = hypothesis.settings(deadline=None)


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost.", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.com", "localhost.example.com", "10.0.0.1", "::"])
def test_another_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://hooks.example.com/s3cr3t?key=s3cr3t#s3cr3t", "https://hooks.example.com"),
        ("https://s3cr3t:s3cr3t@example.com:8443/", "https://example.com:8443"),
        ("http://[::1]:8080/s3cr3t", "http://[::1]:8080"),
    ],
)
def test_it_is_named_without_its_secrets(written: str, shown: str) -> None:
    assert web_address(written, ("https", "http"))
    assert named(written) == shown


@UNHURRIED
@given(st.text())
def test_whatever_it_is_its_name_is_one_line(written: str) -> None:
    assert named(written).isprintable()
    assert named(f"https://{written}").isprintable()


@UNHURRIED
@given(st.text())
def test_whatever_is_no_address_is_refused_in_one_line(written: str) -> None:
    try:
        parts = web_address(written, ("https", "http"))
    except Refusal:
        return
    assert parts.hostname
    assert named(written).isprintable()
