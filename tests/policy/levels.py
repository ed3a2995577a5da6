"""The table of levels, written down once more from docs/design.md, in whole numbers."""


def level_by_design(scheduled: int, available: int, tickets: int, *, is_open: bool) -> int:
    """Return the level: "first from the top (worst first) that holds"."""
    if scheduled == 0:
        return 8 if tickets > 0 and is_open else 1
    percent = 100 * available

    def at_most(share: int) -> bool:
        return percent <= share * scheduled

    def over(cases: int) -> bool:
        return tickets > cases * available

    table = [
        (8, available == 0),
        (7, at_most(10) and over(10)),
        (6, at_most(25) or over(9)),
        (5, at_most(35) or over(9)),
        (4, at_most(45) or over(8)),
        (3, at_most(55) or over(7)),
        (2, at_most(89) or over(5)),
    ]
    return next((level for level, holds in table if holds), 1)
