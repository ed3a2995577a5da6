"""What all tests share: which of them ask for real servers from Debian, and when those run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know ``--real``."""
    parser.addoption(
        "--real",
        action="store_true",
        help="run the tests marked real, against servers installed from Debian, and no others",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Know the mark, and have each real server in one process only."""
    config.addinivalue_line("markers", "real: asks for a server that is installed from Debian")
    if config.getoption("--real"):
        config.option.loadgroup = True  # what xdist's processes go by, which are told no --dist
        if getattr(config.option, "dist", "no") != "no":
            config.option.dist = "loadgroup"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the real ones with ``--real``, and the others without."""
    wanted = bool(config.getoption("--real"))
    kept = [item for item in items if (item.get_closest_marker("real") is not None) is wanted]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
