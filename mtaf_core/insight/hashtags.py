"""Hashtags as people type them."""

from mtaf_core.errors import BadInput


def parse_tags(text: str) -> tuple[str, ...]:
    """Hashtags from what a person types: commas (English or Chinese), spaces before ``#``, and ``#`` itself separate.

    >>> parse_tags("#skincare #glow, summer sale，护肤")
    ('skincare', 'glow', 'summer sale', '护肤')
    """
    if not isinstance(text, str):
        raise BadInput("Hashtags must be text, separated by commas.")
    parts = text.replace("，", ",").replace("、", ",").replace("#", ",").replace("＃", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
