"""Every sentence of the policy is seen somewhere on the board, and the page says where."""

from docs.sentences import sections
from docs.where_it_shows import PLACES


def test_every_module_with_sentences_has_its_place_and_no_other_has() -> None:
    assert sorted(PLACES) == sections()
