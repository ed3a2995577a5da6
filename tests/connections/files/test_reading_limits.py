"""Files that cost more than they are worth: refused in one line, and the good lines are in."""

import gzip
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.files.importing import import_file
from connections.files.mapping_files import mapping_from
from connections.files.reading_limits import DEEPEST, MOST_COLUMNS, MOST_VALUES, most_lines
from connections.files.translation import Translation
from policy.refusal import Refusal
from tests.connections.recording_desk import RecordingDesk
from tests.examples import WORDS

GOOD = json.dumps(
    {
        "external_id": "1",
        "subject": "Down",
        "customer": "Acme",
        "tier": "team",
        "severity": 2,
        "received_at": "2026-03-02T09:00:00Z",
    }
).encode()
COLUMNS = """[columns]
external_id = "id"
subject = "id"
customer = "id"
received_at = "at"
tier = "tier"
severity = "tier"
"""


def told(tmp_path: Path, name: str, content: bytes) -> str:
    """Import a file that begins with a good ticket; give what is said of the rest, or noted."""
    path = tmp_path / name
    path.write_bytes(content)
    desk = RecordingDesk()
    report = import_file(desk, path)
    assert desk.ids == ["1"]
    return [*report.notes, *(each.reason for each in report.faults)][-1]


def test_a_gzip_that_becomes_too_much_is_read_up_to_there(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(GOOD + b"\n")
    packed += b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(70)) + packer.flush()
    assert "bytes of gzip become more than" in told(tmp_path, "t.jsonl.gz", packed)


def test_lines_without_end_are_read_up_to_what_a_file_of_the_size_has(tmp_path: Path) -> None:
    blank = gzip.compress(GOOD + b"\n" * 300_000)
    reason = told(tmp_path, "t.jsonl.gz", blank)
    assert f"a file of its size has at most {most_lines(len(blank)):,} lines" in reason


def test_empty_members_of_a_gzip_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD) + gzip.compress(b"") * 5_000 + gzip.compress(b"\n"))
    desk = RecordingDesk()
    assert import_file(desk, path).admitted == 1


@pytest.mark.parametrize(
    ("name", "rest", "reason"),
    [
        ("t.jsonl", b"\n{" + b"," * (MOST_VALUES + 1), "more than 500,000 values in one ticket"),
        ("t.jsonl", b'\n{"a": ' + b"[" * DEEPEST * 5 + b"]" * DEEPEST * 5 + b"}", "not read: too"),
        ("t.json", b', {"a": [' + b"1," * MOST_VALUES + b"1]}]", "more than 500,000 values"),
        ("t.json", b", " + b'{"a":' * DEEPEST * 2, "lists nested too deeply"),
    ],
    ids=["values of a line", "depth of a line", "values of an item", "depth"],
)
def test_a_ticket_that_is_too_much_is_named(
    tmp_path: Path, name: str, rest: bytes, reason: str
) -> None:
    before = b"[" if name == "t.json" else b""
    assert reason in told(tmp_path, name, before + GOOD + rest)


def test_a_text_of_a_document_is_not_read_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connections.files.json_document.LONGEST_LINE", 100_000)
    reason = told(tmp_path, "t.json", b"[" + GOOD + b', {"a": "' + b"x" * 300_000)
    assert reason == "the document has more than 100,000 bytes in one value"


def test_a_table_has_so_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"external_id" + b",a" * MOST_COLUMNS + b"\n")
    with pytest.raises(Refusal, match=r"t\.csv: 10,001 columns; expected at most 10,000"):
        import_file(RecordingDesk(), path)


def test_so_many_lines_are_bad_that_the_rest_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connections.files.import_report.MOST_REJECTED", 3)
    path = tmp_path / "t.jsonl"
    path.write_bytes(GOOD + b"\nx" * 9)
    report = import_file(RecordingDesk(), path)
    assert (report.admitted, report.rejected_in_all) == (1, 3)
    assert report.notes == ["not read beyond line 4: 3 are bad"]


_TEXT = st.text("ab", max_size=3)


@given(_TEXT, st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=4))
def test_a_star_stands_for_any_text(first: str, others: list[tuple[str, str]]) -> None:
    known = first + "".join(f"*{part}" for _, part in others)
    meant = first + "".join(text + part for text, part in others)
    assert Translation({f"x{known}": f"x{known}"}).named(f"x{meant}") == f"x{meant}"
    assert Translation({f"x{known}": 1}).named(meant) is None


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('[dates]\nformat = "%d%d"', "dates.format: expected a form such as"),
        (f"[dates]\nformat = {['iso'] * 101}", "dates.format: 101 forms; expected at most 100"),
        ('[file]\nencoding = "punycode"', "file.encoding: expected an encoding such as"),
        ("[values.tier]\n" + "".join(f'"*{n}" = "team"\n' for n in range(201)), "201 values with"),
        (f"[leave_out]\n{'.'.join('a' * 33)} = 'x'", "expected a key of at most 32 parts at"),
        (f'[leave_out]\n"{"a." * 40}" = "x"', "expected a path of at most 32 steps"),
    ],
    ids=["a letter twice", "forms", "encoding", "stars", "parts", "steps"],
)
def test_a_mapping_that_costs_too_much_is_refused(more: str, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        mapping_from(f"{COLUMNS}{more}\n", "my.toml", WORDS)
    assert problem in refused.value.reason
