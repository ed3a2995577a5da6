def html_text(markup: str) -> str:
    return markup
