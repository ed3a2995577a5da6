"""Queries as words of a command: which fields there are, and what each takes, for the shell."""

from collections.abc import Iterator
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from policy.facts import values_typed
from policy.refusal import Refusal
from policy.vocabulary import NO_WORDS, Vocabulary, plain_word
from store.queue.query import ME, NOBODY, QueryField, field_called, values_of
from tui.cli.grammar import Text
from tui.cli.invocation import Invocation

_PEOPLE = (ME, NOBODY)


class QueryWord(Text):
    """A word of a query, which the shell completes: a field, or what a field takes."""

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - as click calls it
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the fields that begin so, and behind a colon what the field takes."""
        words = NO_WORDS
        with suppress(Refusal):
            words = ctx.ensure_object(Invocation).words
        return [CompletionItem(each) for each in _completions(incomplete, words)]


def _completions(begun: str, words: Vocabulary) -> Iterator[str]:
    name, colon, values = begun.partition(":")
    if not colon:
        known = (*QueryField, *words.fact_kinds)
        yield from (f"{each}:" for each in known if each.startswith(plain_word(name)))
        return
    several, comma, value = values.rpartition(",")
    before = f"{name}:{several}{comma}"
    for each in _taken_by(plain_word(name), words):
        if plain_word(each).startswith(plain_word(value)):
            yield f"{before}{each}"


def _taken_by(name: str, words: Vocabulary) -> tuple[str, ...]:
    if name in words.fact_kinds:
        return values_typed(words.fact_kinds[name])
    field = field_called(name)
    if field is QueryField.ASSIGNEE:
        return _PEOPLE
    return () if field is None else values_of(field, words) or ()
