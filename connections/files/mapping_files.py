"""Mappings as TOML files: read, put into the words of a policy, and checked as a whole."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from connections.files.columns import place_of
from connections.files.lookup import read_table
from connections.files.mapping import EXAMPLE, TicketMapping
from connections.files.shipped_words import in_words_of_the_policy
from connections.wrong_tables import problems_in
from policy.facts import CURRENCY, is_currency
from policy.intake.incoming import FIELDS, incoming_ticket, required_fields
from policy.refusal import Refusal, one_of, quoted, shown
from policy.toml_text import LARGEST_TEXT, tables_in
from policy.vocabulary import Vocabulary

_TIMES: Final = frozenset(name for name in FIELDS if name.endswith("_at"))
_A_CURRENCY: Final = "EUR"


def load_mapping(name: str, words: Vocabulary) -> TicketMapping:
    """Give a shipped mapping by its name, or the one in a TOML file by its path.

    It is for a policy with these ``words``, into which a shipped one is put by itself. Raises
    Refusal naming the file, the key, the value and what was expected.
    """
    shipped = _shipped_text(name)
    if shipped is None:
        return mapping_from(_text_of_file(name), name, words, Path(name).parent)
    return _mapping(in_words_of_the_policy(tomllib.loads(shipped), words), name, words, None)


def layered_mapping(
    shipped: str, own: Mapping[str, object], source: str, words: Vocabulary
) -> TicketMapping:
    """Give a shipped mapping with tables of one's own laid over it, key by key; raises Refusal.

    ``source`` is where these stand. Where nothing is shipped, they are the whole mapping.
    """
    text = _shipped_text(shipped)
    beneath = {} if text is None else in_words_of_the_policy(tomllib.loads(text), words)
    return _mapping(_over(beneath, own), source, words, None)


def _over(beneath: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    laid = dict(beneath)
    for name, value in own.items():
        below = laid.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        laid[name] = _over(below, value) if both else value  # type: ignore[arg-type] # seen above
    return laid


def mapping_from(
    text: str, source: str, words: Vocabulary, folder: Path | None = None
) -> TicketMapping:
    """Give the mapping that ``text``, a TOML file named ``source``, says; raises Refusal.

    Its second files are looked for in ``folder``; without one it may have none.
    """
    return _mapping(tables_in(text, source), source, words, folder)


def _mapping(
    tables: Mapping[str, object], source: str, words: Vocabulary, folder: Path | None
) -> TicketMapping:
    try:
        mapping = TicketMapping.model_validate(tables, context=words).under(words)
    except ValidationError as error:
        first, *others = problems_in(error, TicketMapping, source)
        raise Refusal(f"{first} (and {len(others)} more)" if others else first) from None
    for problem in _problems(mapping, words):
        raise Refusal(f"{source}: {problem}")
    if not mapping.lookup:
        return mapping
    if folder is None:
        raise Refusal(f"{source}: lookup: expected a mapping in a folder, with a file beside it")
    return mapping.under(
        words,
        {
            name: read_table(folder / table.file, table.key, table.value, f"lookup.{name}", source)
            for name, table in mapping.lookup.items()
        },
    )


def shipped_mappings() -> tuple[str, ...]:
    """Give the names of the mappings that come with the program."""
    folder = resources.files("connections.files").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _problems(mapping: TicketMapping, words: Vocabulary) -> Iterator[str]:
    for name in required_fields(words):
        if name not in mapping.told_fields:
            yield f"columns: {name} is missing; expected a column or a constant for it"
    unfit = partial(_unfit, words, _beside(mapping))
    for name, value in mapping.fixed.items():
        yield from unfit(name, value, "source" if name == "source" else f"constants.{name}")
    yield from _unused(mapping)
    for name, translation in mapping.values.items():
        if name not in mapping.columns and name not in mapping.lookup:
            yield f"values.{name}: nothing to translate; expected columns.{name} too"
        if name == "tags" or name in _TIMES:
            yield f"values.{name}: {name} cannot be translated"
        for known, ours in translation.table.items():
            if "*" not in str(ours):
                yield from unfit(name, ours, f"values.{name}.{quoted(known)}")


def _unused(mapping: TicketMapping) -> Iterator[str]:
    """Name what the mapping says of fields and columns that it has not."""
    for name in mapping.when:
        if name not in mapping.columns and name not in mapping.lookup:
            yield f"when.{name}: nothing to say; expected columns.{name} too"
    known = {*FIELDS, *mapping.column_names}
    places = {place[0] for name in known if (place := place_of(name)) is not None}
    for name in sorted(mapping.missing.names - known - places):
        yield f"missing.{_key(name)}: expected values, a field of ours or a column of theirs"
    fields = mapping.lines.first | mapping.lines.last if mapping.lines else frozenset()
    for name in sorted(fields):
        if name not in mapping.told_fields:
            yield f"lines: {name} is told by no line; expected columns.{name} too"


def _key(name: str) -> str:
    return name if name.isidentifier() else quoted(name)


def _beside(mapping: TicketMapping) -> Mapping[str, object]:
    """Give what stands beside an amount of money in an example: its currency, where it is apart."""
    is_apart = CURRENCY in mapping.columns or CURRENCY in mapping.fixed
    return {CURRENCY: _A_CURRENCY} if is_apart else {}


def _unfit(
    words: Vocabulary, beside: Mapping[str, object], name: str, value: object, key: str
) -> Iterator[str]:
    """Say so when a value of the mapping could not be the field's."""
    if name == CURRENCY:
        if not is_currency(value):
            yield f"{key}: {shown(value)}; expected a currency such as {_A_CURRENCY}"
        return
    try:
        incoming_ticket({**EXAMPLE, **beside, name: value}, _only_for(name, words))
    except Refusal as refusal:
        yield f"{key}: {refusal.reason.removeprefix(f'{name}: ')}"


def _only_for(name: str, words: Vocabulary) -> Vocabulary:
    """Return the words without those that an example would have to say, too."""
    return replace(
        words,
        tiers=words.tiers if name == "tier" else (),
        severities=words.severities if name == "severity" else (),
    )


def _shipped_text(name: str) -> str | None:
    if name not in shipped_mappings():
        return None
    return resources.files("connections.files").joinpath(f"mappings/{name}.toml").read_text("utf-8")


def _text_of_file(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        shipped = one_of(shipped_mappings())
        raise Refusal(f"no mapping {quoted(path)}; expected a TOML file, or {shipped}") from None
    if len(content) > LARGEST_TEXT:
        raise Refusal(f"{path}: expected a mapping, and this is more than {LARGEST_TEXT:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(f"{path}: expected a mapping in UTF-8") from None
