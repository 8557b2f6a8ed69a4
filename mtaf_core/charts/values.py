"""What columns of a market and their values are called."""

from mtaf_core.charts.words import Language, feature_label, say
from mtaf_core.schema import FEATURES, Kind

_FEATURE_OF = {column: feature for feature in FEATURES for column in feature.columns}
_OWN = ("tier", "category", "platform")


def column_label(column: str, lang: Language = "en") -> str:
    """What a column of the panel is called: tier, category and platform, or a row of Table 1.

    Of a row with two columns it says which.

    >>> column_label("uploader_follower"), column_label("video_width")
    ('Followers', 'Picture size (width)')
    """
    if column in _OWN:
        return say(lang, f"column_{column}")
    feature = _FEATURE_OF[column]
    label = feature_label(feature.name, lang)
    if len(feature.columns) == 1:
        return label
    part = column.removeprefix("video_")
    return f"{label} ({say(lang, f'part_{part}')})"


def value_label(column: str, word: str | None, lang: Language = "en") -> str:
    """What one value of a column is called; ``word`` as SQL writes it, None where it is unknown.

    >>> value_label("upload_dayofweek", "5.0"), value_label("upload_hour", "9"), value_label("video_product", "1.0")
    ('Sat', '09:00', 'yes')
    """
    if word is None or (column == "tier" and word == "unknown"):
        return say(lang, "value_unknown")
    if column == "tier":
        return say(lang, f"tier_{word}")
    if column == "upload_dayofweek":
        return say(lang, f"weekday_short_{int(float(word))}")
    if column == "upload_hour":
        return f"{int(float(word)):02d}:00"
    feature = _FEATURE_OF.get(column)
    if feature is not None and feature.kind is Kind.FLAG:
        return say(lang, "value_yes" if float(word) else "value_no")
    return word
