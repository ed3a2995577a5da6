"""A team for the tests of the store: a lead, an engineer, and support in two shifts."""

from policy.roster.team_file import MemberEntry, load_team


def member(login: str, *, role: str = "support", hours: str = "Mon-Fri 08:00-16:00") -> str:
    """Return one member of a team file, in UTC."""
    return f"""
[[member]]
login = "{login}"
name = "{login.title()}"
role = "{role}"
region = "EMEA"
timezone = "UTC"
hours = ["{hours}"]
"""


def team(early: int = 9, late: int = 2) -> tuple[MemberEntry, ...]:
    """Return a lead ``lee``, an engineer ``eve``, ``early`` from 08:00 and ``late`` from 12:00."""
    parts = [member("lee", role="lead"), member("eve", role="engineer")]
    parts += [member(f"early{number}") for number in range(1, early + 1)]
    parts += [member(f"late{number}", hours="Mon-Fri 12:00-20:00") for number in range(1, late + 1)]
    return load_team("".join(parts), "team.toml")
