"""What is right in a policy and may mean something else than whoever wrote it thinks."""

from policy.rulebook.rulebook import Rulebook
from policy.rulebook.working_days import times_in_working_days


def warnings_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return a sentence for each thing that is worth a second look; mostly nothing.

    Times of more than a day in shorter calendars, rules of intake that decide nothing, and tickets
    for which a fact is wanted and not said.
    """
    return (
        *times_in_working_days(rulebook),
        *rulebook.without_a_ticket(),
        *rulebook.without_first_response(),
    )
