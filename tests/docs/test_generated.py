"""What is made from the program, pages and statements, is as it would be made now."""

import pytest

from docs import generate


@pytest.mark.parametrize("name", generate.MADE)
def test_the_page_is_as_it_would_be_made_now(name: str) -> None:
    assert name not in generate.stale(), "python -m docs.generate makes it anew"


def test_a_stale_page_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--check"]) == 0
    monkeypatch.setattr(generate, "MADE", {"docs/keys.md": lambda: "Another page."})
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "docs/keys.md is stale: python -m docs.generate makes it anew\n"
    )
