"""What leaves the terminal: links that are opened, and what may keep a text from being copied."""

import sys
import webbrowser

import pytest

from tui.environment.desktop import clipboard_doubt, is_web_address, open_link

ON_A_DESK = {"DISPLAY": ":0"}
OVER_SSH = {"SSH_CONNECTION": "10.0.0.1 22"}


class Browser(webbrowser.BaseBrowser):
    """Writes down what it was to open."""

    def __init__(self) -> None:
        super().__init__("test")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002 - webbrowser's own
        self.opened.append(url)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    return browser


def test_a_link_opens_where_a_screen_is_near(browser: Browser) -> None:
    assert open_link("https://example.com/1?a=b#c", ON_A_DESK)
    assert browser.opened == ["https://example.com/1?a=b#c"]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_over_ssh_no_browser_is_started_far_away(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert not open_link("https://example.com/", OVER_SSH)
    assert browser.opened == []
    assert open_link("https://example.com/", {}) == (platform != "linux")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.com",
        "https://",
        "https://[",
        "-https://example.com",
        "https://example.com/\x1b[31m",
        "https://example.com/ --new-window",
        "",
    ],
)
def test_only_the_web_is_opened(browser: Browser, url: str) -> None:
    assert not is_web_address(url)
    assert not open_link(url, ON_A_DESK)
    assert browser.opened == []


def test_a_browser_that_would_take_the_terminal_is_not_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    assert not open_link("https://example.com/", ON_A_DESK)


def test_without_any_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_link("https://example.com/", ON_A_DESK)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TERM_PROGRAM": "Apple_Terminal"}, "Apple's Terminal"),
        ({"TERM": "linux"}, "no clipboard"),
        ({"TMUX": "socket,1,0"}, "set -g set-clipboard on"),
        ({"STY": "1.pts"}, "GNU screen"),
        ({"VTE_VERSION": "7000"}, "may not take"),
        ({"TERM": "xterm-kitty"}, "where the terminal allows it"),
    ],
)
def test_what_may_keep_a_text_from_being_copied_is_said(
    environment: dict[str, str], said: str
) -> None:
    assert said in clipboard_doubt(environment)
