"""From a file of an unknown shape to its tickets, by the command line alone."""

import json

from tests.tui.command_runs import CommandLine, line

EXPORT = """Nr;Betreff;Kunde;Priorität;Eingang;Typ
1;Drucker;Müller GmbH;hoch;04.03.2026 09:15;Störung
2;Werbung;Spam;niedrig;04.03.2026 09:20;Spam
"""


def test_an_unknown_shape_names_the_command_that_drafts_a_mapping(numberone: CommandLine) -> None:
    (numberone.folder / "export.csv").write_text(EXPORT)
    ran = numberone("import export.csv", code=1)
    (told,) = ran.err.splitlines()
    assert told.startswith('numberone: export.csv: no column "external_id"; the headings are "Nr"')
    assert "; numberone mapping draft export.csv writes a first mapping for it" in told

    drafted = numberone("mapping draft export.csv -o ours.toml")
    assert drafted.err == (
        'numberone: ours.toml: 2 things are undecided in it; look for "undecided"\n'
    )
    with (numberone.folder / "ours.toml").open("a") as mapping:
        mapping.write('[leave_out]\nTyp = "Spam"\n')
    ran = numberone("import export.csv --map ours.toml")
    assert ran.out == "1 read: 1 admitted.\n"
    assert ran.err == "numberone: export.csv: 1 line is left out, as the mapping says\n"
    again = numberone("mapping draft export.csv -o ours.toml", code=1)
    assert again.err == "numberone: ours.toml is there already; name a new file\n"


def test_a_draft_may_go_to_standard_output(numberone: CommandLine) -> None:
    (numberone.folder / "export.csv").write_text(EXPORT)
    assert 'external_id = "Nr"' in numberone("mapping draft export.csv").out


def test_warnings_leave_the_exit_code_and_are_told_once_with_json(numberone: CommandLine) -> None:
    lines = [line(number, requester_email="nobody") for number in range(1, 101)]
    (numberone.folder / "t.jsonl").write_text("\n".join(lines))
    ran = numberone("import t.jsonl --json")
    warning = 'requester_email left out: "nobody"; expected an address such as ada@example.com'
    assert ran.json["admitted"] == 100
    assert ran.json["rejected"] == []
    assert ran.json["warnings"] == [{"line": 1, "warning": warning, "count": 100}]
    assert ran.err == f"numberone: t.jsonl, lines 1, 2, 3 and 97 more: warning: {warning}\n"


def test_many_lines_with_one_fault_are_one_line(numberone: CommandLine) -> None:
    lines = [line(number, tier=f"gold {number}") for number in range(1, 101)]
    (numberone.folder / "t.jsonl").write_text("\n".join([*lines, json.dumps({"a": 1}), line(200)]))
    ran = numberone("import t.jsonl --json", code=1)
    gold, other = ran.json["rejected"]
    assert (gold["line"], gold["count"]) == (1, 100)
    assert gold["error"].startswith('tier: "gold 1"; expected presales')
    assert gold["error"].endswith("(and others like it)")
    assert (other["line"], sorted(other)) == (101, ["error", "line"])
    assert len(ran.err.splitlines()) == 2


def test_an_agent_known_by_address_has_the_ticket_of_the_member(numberone: CommandLine) -> None:
    team = '[[member]]\nlogin = "{0}"\nname = "{0}"\nrole = "{1}"\nregion = "EU"\n'
    team += 'timezone = "UTC"\nhours = ["Mon-Sun 00:00-24:00"]\nemail = "{0}@us.example"\n'
    text = team.format("bo", "support") + team.format("lea", "lead")
    (numberone.folder / "team.toml").write_text(text)
    rows = ["external_id,subject,customer,tier,severity,received_at,assignee"]
    for number, agent in enumerate(("bo@us.example", "BO@US.example", "bo"), start=1):
        rows.append(f"{number},Down,Acme,team,2,2026-03-06T19:00:00Z,{agent}")
    (numberone.folder / "t.csv").write_text("\n".join(rows))
    numberone("team import team.toml --as lea")
    numberone("import t.csv --as lea")
    told = numberone.json("list --all --as bo")["tickets"]
    assert {each["holder_away"] and each["holder_away"]["why"] for each in told} == {None}
    assert len(numberone.json("list assignee:bo --as bo")["tickets"]) == 3
