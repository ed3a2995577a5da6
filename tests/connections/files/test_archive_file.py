"""An export's file: whatever the records say comes back, and whatever was changed is found."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connections.files.archive_file import ArchiveFile, as_csv, as_json_lines, is_export, sealed
from connections.files.formats import Format, format_of
from connections.files.ticket_file import TicketFile
from policy.refusal import Refusal
from store.database import SCHEMA
from store.transfer.archive import FIELDS, RECORD, FieldShape, Record, RecordField

HEAD = {"schema": SCHEMA, "at": "2026-03-02T09:00:00Z"}
NASTY = ["", "'", "=1+1", "-1", "'=x", '"', "a,b", "a\nb", "a\r\nb", "\ttab", "null", "Ｅ＝mc²"]
WRITERS = {Format.JSONL: as_json_lines, Format.CSV: as_csv}
BOTH = pytest.mark.parametrize("file_format", list(WRITERS))

TEXTS = st.sampled_from(NASTY) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=8
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
VALUES: dict[FieldShape, st.SearchStrategy[Any]] = {
    FieldShape.TEXT: TEXTS,
    FieldShape.NUMBER: st.integers(-(2**62), 2**62),
    FieldShape.DECIMAL: st.floats(allow_nan=False, allow_infinity=False),
    FieldShape.FLAG: st.booleans(),
    FieldShape.JSON: JSON.filter(lambda value: value is not None),
}


def value_of(field: RecordField) -> st.SearchStrategy[Any]:
    """Draw a value that a field may have."""
    return st.none() | VALUES[field.shape] if field.optional else VALUES[field.shape]


def records() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw records of all kinds."""
    kinds = [
        st.fixed_dictionaries(
            {RECORD: st.just(name), **{key: value_of(field) for key, field in fields.items()}}
        )
        for name, fields in FIELDS.items()
    ]
    return st.lists(st.one_of(kinds), max_size=4)


def member(login: str) -> Record:
    """Return a record of a member."""
    return {RECORD: "member", "login": login, "place": 1, "entry": {"name": login}}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Sequence[Record], Format], Path]:
    """Give what writes records as an export."""

    def write(told: Sequence[Record], file_format: Format) -> Path:
        path = tmp_path / f"export.{file_format}"
        lines = WRITERS[file_format](sealed(HEAD, told))
        path.write_bytes("".join(lines).encode())
        return path

    return write


def read(path: Path) -> list[Record]:
    """Return the records of an export."""
    with TicketFile.open(str(path)) as file:
        assert is_export(file)
        return list(ArchiveFile(file, format_of(file)).records())


Write = Callable[[Sequence[Record], Format], Path]


@BOTH
@given(told=records())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_record_comes_back(told: list[Record], file_format: Format, written: Write) -> None:
    assert read(written(told, file_format)) == told


@BOTH
def test_no_cell_could_be_a_formula(file_format: Format, written: Write) -> None:
    path = written([member(text) for text in NASTY], file_format)
    assert [each["login"] for each in read(path)] == NASTY
    if file_format is Format.CSV:
        assert ",=1" not in path.read_text()


THREE = [member("ana"), member("ben"), member("cleo")]
Lines = list[str]
WRONG: dict[str, tuple[Callable[[Lines], Lines], int]] = {
    "a changed line": (lambda lines: [line.replace("ben", "bob") for line in lines], 3),
    "a lost line": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "two lines that changed places": (lambda lines: [*lines[:2], lines[3], lines[2], lines[4]], 3),
    "a broken end": (lambda lines: lines[:-1], 4),
    "one more line": (lambda lines: [*lines, lines[-1]], 6),
    "half a line": (lambda lines: [*lines[:3], lines[3][: len(lines[3]) // 2]], 4),
    "another record": (lambda lines: [*lines[:3], lines[3].replace("member", "mimber")], 4),
}


@BOTH
@pytest.mark.parametrize("what", WRONG)
def test_what_was_changed_is_named_by_its_line(
    what: str, file_format: Format, written: Write
) -> None:
    change, line = WRONG[what]
    path = written(THREE, file_format)
    headings = 1 if file_format is Format.CSV else 0
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:headings], *change(lines[headings:])]))
    with pytest.raises(Refusal, match=rf"export\.{file_format}, line {line + headings}: "):
        read(path)


def test_what_a_newer_version_wrote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.jsonl"
    for newer in ({"version": 2, **HEAD}, {"version": 1, **HEAD, "schema": "9999"}):
        path.write_text(json.dumps({RECORD: "numberone export", **newer}) + "\n")
        with pytest.raises(Refusal, match=r"line 1: made by a newer numberone; upgrade numberone"):
            read(path)
    path.write_text(json.dumps({RECORD: "numberone export", "version": "x"}) + "\n")
    with pytest.raises(Refusal, match=r"line 1: is not as an export begins"):
        read(path)


def test_other_files_are_no_exports(tmp_path: Path) -> None:
    for name, text in (
        ("a.jsonl", '{"external_id": "1"}\n'),
        ("a.csv", "external_id,subject\n1,numberone export\n"),
        ("b.csv", "external_id,record\n1,ticket\n"),
    ):
        (tmp_path / name).write_text(text)
        with TicketFile.open(str(tmp_path / name)) as file:
            assert not is_export(file)


@pytest.mark.parametrize("head", [{"record": ["numberone export"]}, {"version": []}])
def test_an_export_whose_head_is_of_a_wrong_kind_is_refused(
    tmp_path: Path, head: dict[str, object]
) -> None:
    path = tmp_path / "export.jsonl"
    plain = {"record": "numberone export", "version": 1, **HEAD}
    path.write_text(f"{json.dumps(plain | head)}\n")
    with TicketFile.open(str(path)) as file, pytest.raises(Refusal, match="line 1: "):
        ArchiveFile(file, Format.JSONL)
