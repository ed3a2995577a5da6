"""``./run`` where Python, its venv module or the right to write is missing: one line says so.

The programs that it looks for are stand-ins in a folder that is the whole PATH, so nothing is
installed here and no network is asked.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parent.parent.parent
NEEDED = ("cat", "chmod", "cksum", "dirname", "grep", "mkdir", "rm", "sed")
"""What every system has, and what the script and the stand-ins use."""

NEW_VENV = """
mkdir -p .venv/bin
echo "VIRTUAL_ENV=$PWD/.venv" >.venv/bin/activate
for program in python pip numberone; do
    echo "echo $program \\"\\$@\\" >>'$PWD/calls'" >.venv/bin/$program
    chmod +x .venv/bin/$program
done
"""
MAKES_VENV = f'case "$*" in "-m venv .venv") {NEW_VENV} ;; esac\n'
WITHOUT_VENV = 'case "$*" in *venv*) exit 1 ;; esac\n'
OLD = 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac\n'


@dataclass(frozen=True)
class Checkout:
    """A checkout that has the script, and the folder of all programs that there are."""

    folder: Path
    programs: Path

    def has(self, name: str, does: str) -> None:
        """Give it a program: ``does`` is what it does, in shell, after noting how it was called."""
        program = self.programs / name
        program.write_text(f"#!/bin/sh\necho {name} \"$@\" >>'{self.folder}/calls'\n{does}")
        program.chmod(0o755)

    def run(self, *arguments: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run the script, by whoever runs the tests or by another user."""
        return subprocess.run(
            [self.folder / "run", *arguments],
            env={"PATH": str(self.programs)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=user,
        )

    def stopped(self) -> str:
        """Run the program through the script, which cannot, and return the one line it says."""
        ran = self.run("--", "next")
        assert ran.returncode == 1, ran
        (line,) = ran.stderr.splitlines()
        assert line.startswith("run: ")
        return line

    @property
    def calls(self) -> list[str]:
        """How the programs were called, one after the other."""
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """Give a checkout that other users can read, with no Python and no uv on its PATH."""
    with TemporaryDirectory() as folder:
        made = Checkout(Path(folder) / "numberone", Path(folder) / "programs")
        made.folder.mkdir()
        made.programs.mkdir()
        for name in ("run", "pyproject.toml"):
            shutil.copy(ROOT / name, made.folder / name)
        for name in NEEDED:
            (made.programs / name).symlink_to(str(shutil.which(name)))
        made.has("id", 'case "$1" in -u) echo 1000 ;; *) echo ana ;; esac\n')
        Path(folder).chmod(0o755)
        yield made


def test_it_installs_once_and_runs_the_program(checkout: Checkout) -> None:
    checkout.has("python3", MAKES_VENV)
    for _ in range(2):
        assert checkout.run("--", "next", "--json").returncode == 0
    assert [call for call in checkout.calls if "-c" not in call.split()] == [
        "python3 -m venv .venv",
        "pip install --quiet --disable-pip-version-check --editable .",
        "numberone next --json",
        "numberone next --json",
    ]


def test_another_pyproject_is_installed_anew(checkout: Checkout) -> None:
    checkout.has("python3", MAKES_VENV)
    checkout.run("--", "next")
    with (checkout.folder / "pyproject.toml").open("a") as project:
        project.write("# one more dependency\n")
    checkout.run("--", "next")
    assert [call.split()[0] for call in checkout.calls].count("pip") == 2
    assert checkout.calls.count("python3 -m venv .venv") == 1


def test_a_checkout_that_was_copied_gets_a_venv_of_its_own(checkout: Checkout) -> None:
    checkout.has("python3", MAKES_VENV)
    checkout.run("--", "next")
    copied = Checkout(checkout.folder.with_name("copy"), checkout.programs)
    shutil.copytree(checkout.folder, copied.folder)
    assert copied.run("--", "next").returncode == 0
    assert f"{copied.folder}/.venv" in (copied.folder / ".venv/bin/activate").read_text()


def test_without_the_venv_module_uv_does_it(checkout: Checkout) -> None:
    checkout.has("python3", WITHOUT_VENV)
    checkout.has("uv", f'case "$1" in venv) {NEW_VENV} rm .venv/bin/pip ;; esac\n')
    assert checkout.run("--", "next").returncode == 0
    assert [call for call in checkout.calls if call.startswith(("uv", "numberone"))] == [
        "uv venv --quiet --python python3 .venv",
        "uv pip install --quiet --python .venv/bin/python --editable .",
        "numberone next",
    ]


def test_with_an_old_python_uv_brings_one(checkout: Checkout) -> None:
    checkout.has("python3", OLD)
    checkout.has("uv", f'case "$1" in venv) {NEW_VENV} ;; esac\n')
    assert checkout.run("--", "next").returncode == 0
    assert "uv venv --quiet .venv" in checkout.calls


def test_without_the_venv_module_and_uv_it_says_what_to_install(checkout: Checkout) -> None:
    checkout.has("python3", WITHOUT_VENV)
    assert checkout.stopped() == (
        "run: This Python has no venv module;"
        " install it (as root: apt-get install python3-venv), or uv."
    )


def test_nobody_is_asked_for_the_password_of_sudo(checkout: Checkout) -> None:
    checkout.has("python3", WITHOUT_VENV)
    checkout.has("apt-get", "")
    checkout.has("sudo", 'echo "sudo: a password is required" >&2; exit 1\n')
    assert "apt-get install python3-venv" in checkout.stopped()
    assert not any(call.startswith("apt-get") for call in checkout.calls)


def test_root_gets_the_venv_module_installed(checkout: Checkout) -> None:
    checkout.has("id", "echo 0\n")
    checkout.has("python3", WITHOUT_VENV)
    with_venv = f"cat >'{checkout.programs}/python3' <<'PYTHON'\n#!/bin/sh\n{MAKES_VENV}PYTHON\n"
    checkout.has("apt-get", f"case $1 in install) {with_venv} ;; esac\n")
    assert checkout.run("--", "next").returncode == 0
    assert [call for call in checkout.calls if call.startswith("apt-get")] == [
        "apt-get update -q",
        "apt-get install -y -q python3-venv",
    ]


def test_a_newer_python_beside_an_old_one_is_taken(checkout: Checkout) -> None:
    checkout.has("python3", OLD)
    checkout.has("python3.12", MAKES_VENV)
    assert checkout.run("--", "next").returncode == 0
    assert "python3.12 -m venv .venv" in checkout.calls


def test_an_old_python_is_named(checkout: Checkout) -> None:
    checkout.has("python3", OLD)
    assert checkout.stopped() == (
        "run: This is Python 3.9.2, and numberone needs 3.11 or newer; install that, or uv."
    )


def test_no_python_at_all_is_said(checkout: Checkout) -> None:
    assert checkout.stopped() == (
        "run: There is no python3 here; install Python 3.11 or newer, or uv."
    )


@pytest.mark.parametrize("arguments", [("demo",), ("tests",), ("checks",), ("--", "next")])
def test_whoever_may_not_write_there_is_told(
    checkout: Checkout, arguments: tuple[str, ...]
) -> None:
    checkout.has("python3", "")
    checkout.folder.chmod(0o555)
    root = os.geteuid() == 0  # whom no permission stops
    ran = checkout.run(*arguments, user=pwd.getpwnam("nobody").pw_uid if root else None)
    checkout.folder.chmod(0o755)
    assert ran.returncode == 1
    assert ran.stderr.endswith(
        f"cannot write to {checkout.folder}; make a clone of your own, and run it there.\n"
    )


def test_it_tells_what_it_can_do(checkout: Checkout) -> None:
    ran = checkout.run()
    assert ran.returncode == 2
    assert "./run demo      opens the board on a made-up team and queue" in ran.stdout
