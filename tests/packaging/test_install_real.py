"""The scripts that install real servers for the tests: where they cannot, one line says why."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "real"
EACH = pytest.mark.parametrize("script", ["request_tracker.sh", "dovecot.sh"])


def ran(script: str, programs: Path, *stand_ins: tuple[str, str]) -> str:
    """Return the last line of a script that finds these programs alone, and fails."""
    copy = programs / script
    # Looked for in a place that never has any, whatever this machine has.
    text = (SCRIPTS / script).read_text().replace("[ -x /usr/", "[ -x /nowhere/usr/")
    copy.write_text(text)
    copy.chmod(0o755)
    for name, does in stand_ins:
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [shell, copy], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


@EACH
def test_without_apt_it_is_said_that_it_takes_a_debian(script: str, tmp_path: Path) -> None:
    assert "takes a Debian 12" in ran(script, tmp_path)


@EACH
def test_only_root_installs(script: str, tmp_path: Path) -> None:
    said = ran(script, tmp_path, ("apt-get", "exit 0"), ("id", "echo 1000"))
    assert "only root can" in said
