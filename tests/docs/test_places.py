"""What the docs and the code say where something is: it is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

LETTERS = (*PAGES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md")
FOLDERS = ("policy", "store", "connections", "tui", "tests", "bench", "docs")

_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)")
_PLACE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[^\s`]*)`")
_PAGE = re.compile(r"\bdocs/[\w-]+\.(?:md|svg)\b")


def places_in(page: Path) -> Iterator[Path]:
    """Yield every place that a page links to, or names in code font from the root on."""
    text = page.read_text("utf-8")
    for link in _LINK.finditer(text):
        yield page.parent / link[1]
    for place in _PLACE.finditer(text):
        yield ROOT / place[1]


@pytest.mark.parametrize("page", LETTERS, ids=lambda page: page.stem)
def test_every_place_that_a_page_names_is_there(page: Path) -> None:
    assert [str(place) for place in places_in(page) if not place.exists()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_page_that_code_cites_is_there(folder: str) -> None:
    for module in (ROOT / folder).rglob("*.py"):
        for cited in _PAGE.findall(module.read_text("utf-8")):
            assert (ROOT / cited).exists(), f"{module} cites {cited}"


def test_a_place_that_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](b.md#c) `store/nowhere.py` [d](https://example.com) `say/it`")
    assert list(places_in(page)) == [tmp_path / "b.md", ROOT / "store/nowhere.py"]
