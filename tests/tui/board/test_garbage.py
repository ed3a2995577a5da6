"""A board's start is not held up by a look for garbage; afterwards Python looks as it should."""

import gc

from tui.board import garbage


def test_it_is_looked_for_again_once_the_board_stands() -> None:
    before = gc.get_threshold()
    with garbage.put_off():
        gc.enable()  # as whoever opens a desk does
        assert gc.get_threshold()[0] == 0
        garbage.settle()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 0
    gc.unfreeze()
    assert gc.get_threshold() == before


def test_a_board_within_another_program_leaves_its_ways_alone() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    garbage.settle()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)
