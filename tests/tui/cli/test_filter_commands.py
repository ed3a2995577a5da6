"""Filters are saved and forgotten at the command line as on the board."""

import pytest

from tests.tui.command_runs import CommandLine
from tui.environment.saved_filters import save_filter


def test_one_is_saved_used_replaced_and_removed(numberone: CommandLine) -> None:
    numberone.take_in({"tier": "free"}, {"tier": "team"})
    assert numberone("filters").out.startswith("No filter is saved;")
    said = numberone("filters save paying tier:team -tier:free").out
    assert said == "@paying is saved: numberone list @paying\n"
    assert numberone.json("list @paying")["total"] == 1
    assert numberone("filters").out == "@paying  tier:team -tier:free\n"
    said = numberone("filters save @paying tier:team,enterprise").out
    assert said.startswith("@paying is saved instead of tier:team -tier:free:")
    assert numberone.json("filters") == {"filters": {"paying": "tier:team,enterprise"}}
    assert numberone("filters remove @paying").out == (
        "@paying is removed; it was: tier:team,enterprise\n"
    )
    assert numberone.json("filters") == {"filters": {}}


def test_the_board_knows_the_same(numberone: CommandLine) -> None:
    save_filter(numberone.folder / "state", "mine", "assignee:me")
    assert numberone.json("filters save own @mine p:p1")["filters"] == {
        "mine": "assignee:me",
        "own": "assignee:me p:p1",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("filters save mine tier:nobody", "query: tier: 'nobody'; expected presales"),
        ("filters save mine @other", "query: @other: no filter is saved as this"),
        ("filters save 'two words' p:p1", 'name: "two words"; expected one word'),
        ("filters remove other", "query: @other: no filter is saved as this"),
    ],
)
def test_what_cannot_be_is_refused(numberone: CommandLine, typed: str, said: str) -> None:
    assert said in numberone.refused(typed)
    assert numberone.json("filters") == {"filters": {}}
