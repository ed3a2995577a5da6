"""A text that is scrolled by the commands of its screen, and has no keys of its own."""

from textual.containers import VerticalScroll


class Page(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Scrolls what is in it, without a glide."""

    @property
    def page_height(self) -> int:
        """How many lines are seen."""
        return max(1, self.scrollable_content_region.height)

    def move(self, rows: int) -> None:
        """Scroll by some lines, down when positive."""
        self.scroll_relative(y=rows, animate=False, immediate=True)
