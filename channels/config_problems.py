"""What is wrong with a table of the config file, in one line."""

from pydantic import BaseModel, ValidationError

from policy.rulebook_problems import problems_in


def settings_problem(error: ValidationError, model: type[BaseModel], source: str) -> str:
    """Return one line that names ``source`` and then every key, what was expected, what it is."""
    problems = problems_in(error, model, source)
    # What is wrong with several keys together names them itself.
    keys = (line.removeprefix(f"{source}: ").removeprefix(": ") for line in problems)
    return f"{source}: {'; '.join(keys)}"
