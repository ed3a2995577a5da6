"""What is wrong with the fields of a ticket from outside, in one line."""

from pydantic import ValidationError


def first_problem(refused: ValidationError) -> str:
    """Give the first thing wrong, missing fields before wrong values, and name the others."""
    errors = refused.errors(include_url=False, include_context=False, include_input=False)
    missing = [str(error["loc"][0]) for error in errors if error["type"] == "missing"]
    wrong = [error for error in errors if error["type"] != "missing"]
    if missing:
        return _with_others(f"{', '.join(missing)}: missing", [str(e["loc"][0]) for e in wrong])
    first, *others = wrong
    where = f"{first['loc'][0]}: " if first["loc"] else ""
    return _with_others(f"{where}{first['msg']}", [str(error["loc"][0]) for error in others])


def _with_others(problem: str, others: list[str]) -> str:
    return f"{problem} (also wrong: {', '.join(others)})" if others else problem
