"""Names that people gave, for places where Markdown is read."""


def plain(name: str) -> str:
    """A name of which nothing is taken for markup: no picture, no link, no icon."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~:$^=" else sign for sign in name)
