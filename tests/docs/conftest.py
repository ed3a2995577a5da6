"""What the tests of the docs share with those of the board and the command line."""

from tests.tui.conftest import numberone

__all__ = ["numberone"]
