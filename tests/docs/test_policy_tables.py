"""Each table that the docs show of a policy is one that the checker takes as it stands."""

import re
from typing import Final

import pytest

from policy.rulebook.rulebook import Rulebook, check_rulebook
from tests.docs.pages import ROOT

PAGE: Final = (ROOT / "docs" / "adopt-a-policy.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHOWN: Final = ("facts", "matrix", "calendars", "contract", "clock", "group", "order", "tiers")


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.partition("\n")[0].strip("[]"))
def test_an_example_is_a_policy(text: str) -> None:
    assert check_rulebook(text, "the docs") == []


@pytest.mark.parametrize("table", SHOWN)
def test_each_table_has_an_example(table: str) -> None:
    assert table in Rulebook.known_keys()
    assert any(re.search(rf"^\[+{table}[.\]]", text, re.MULTILINE) for text in BLOCKS)


def test_an_example_that_is_wrong_would_be_found() -> None:
    clock = next(text for text in BLOCKS if text.startswith("[clock]"))
    assert check_rulebook(clock.replace("pending", "parked"), "the docs")
