"""The wheel, built from a copy of this checkout without a network: what is in it, and that it runs.

What stands at the top of it lands beside everybody else's packages, so nothing else may.
"""

import os
import shutil
import subprocess
import sys
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = frozenset({"policy", "store", "connections", "tui"})
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist")
BUILD = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
RUN = "from importlib.metadata import entry_points as e; (m,) = e(name='numberone'); m.load()()"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    checkout = tmp_path_factory.mktemp("wheel") / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_COPIED)
    remains = checkout / "build/lib/channels"  # of a package that is called otherwise by now
    remains.mkdir(parents=True)
    (remains / "__init__.py").touch()
    built = checkout.parent
    subprocess.run(
        [sys.executable, "-c", BUILD, built], cwd=checkout, check=True, capture_output=True
    )
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def unpacked(wheel: Path) -> Path:
    """Return a folder that has what the wheel brings, as an installation would."""
    folder = wheel.with_name("unpacked")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder: Path) -> set[str]:
    """Return the files beneath a folder, but those that Python makes by itself."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def metadata(unpacked: Path) -> Message:
    (path,) = unpacked.glob("numberone-*.dist-info")
    return Parser().parsestr((path / "METADATA").read_text("utf-8"))


def test_nothing_but_our_packages_stands_at_its_top(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    (about,) = (name for name in names if name.endswith(".dist-info"))
    assert names == {*PACKAGES, about}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_file_of_a_package_is_in_it(unpacked: Path, package: str) -> None:
    here = files(ROOT / package)
    assert files(unpacked / package) == here
    assert "py.typed" in here


def test_it_brings_policies_mappings_and_style_sheets(unpacked: Path) -> None:
    kinds = {Path(name).suffix for name in files(unpacked)}
    assert {".toml", ".tcss", ".typed"} <= kinds


def test_it_says_whose_it_is_and_under_what_licence(unpacked: Path) -> None:
    said = metadata(unpacked)
    assert said["License-Expression"] == "MIT"
    assert said["Author"] == said["Maintainer"] == "the numberone maintainers"
    (licence,) = unpacked.glob("numberone-*.dist-info/licenses/LICENSE")
    assert licence.read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")


def test_it_runs_on_its_own(unpacked: Path, tmp_path: Path) -> None:
    others = {name: text for name, text in os.environ.items() if "NUMBERONE" not in name}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", RUN, "--db", "desk.db", "next"],
        env={**others, "PYTHONPATH": str(unpacked), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Nobody is waiting for us.")
