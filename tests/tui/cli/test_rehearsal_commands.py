"""The last days under another policy or with another team, from the command line."""

import pytest

from tests.tui.command_runs import CommandLine

TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-17:00"]
"""


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Give a desk with a team of one, and three tickets that came on Friday at 14:00."""
    (numberone.folder / "team.toml").write_text(TEAM)
    numberone("team import team.toml")
    numberone.take_in(
        *(
            {"external_id": number, "severity": 2, "received_at": f"2026-03-06T14:0{number}:00Z"}
            for number in (1, 2, 3)
        )
    )
    return numberone


def test_another_policy_beside_the_one_in_force(desk: CommandLine) -> None:
    """Mo answers one at 14:46 and one at 15:31, and the third at 16:16."""
    (desk.folder / "ours.toml").write_text('[response]\np2 = "1h"\n')
    found = desk.json("rehearse ours.toml --days 7")
    assert found["days"] == 7
    assert (found["start"], found["end"]) == ("2026-02-27T22:00:00Z", "2026-03-06T22:00:00Z")
    now, then = found["as_it_is"], found["rehearsed"]
    assert (now["policy"], then["policy"], then["team"]) == ("in force", "ours.toml", "in force")
    assert now["first_responses"] == {
        "within": 3, "owed": 3, "share": 1.0, "late": 0, "never_answered": 0,
    }  # fmt: skip
    assert then["first_responses"] == {
        "within": 1, "owed": 3, "share": 1 / 3, "late": 2, "never_answered": 0,
    }  # fmt: skip
    assert then["longest_wait"]["hours"] == 2.22
    assert then["longest_wait"]["answered_at"] == "2026-03-06T16:16:00Z"
    assert set(then["promises"]) == {"made", "due", "kept", "broken", "share"}


def test_one_more_person_is_told_as_two_columns(desk: CommandLine) -> None:
    two = TEAM + TEAM.replace('"mo"', '"ana"').replace("Mo", "Ana", 1)
    (desk.folder / "two.toml").write_text(two)
    lines = [" ".join(line.split()) for line in desk("rehearse two.toml").out.splitlines()]
    assert lines[0].startswith("Rehearsal of the team two.toml, Wed 4 Feb 2026 22:00 to")
    assert "as it is rehearsed" in lines
    assert "longest wait 2 h 13 m 1 h 28 m" in lines


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere.toml", "nowhere.toml: cannot be read"),
        ("wrong.toml", "wrong.toml: response.p2: expected a length of time"),
        ("canonical", "3 tickets carry words that this policy does not know: tier"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_in_a_line(
    desk: CommandLine, file: str, said: str
) -> None:
    (desk.folder / "wrong.toml").write_text('[response]\np2 = "soon"\n')
    assert desk.refused(f"rehearse {file}").startswith(said)
