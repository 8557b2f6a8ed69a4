"""A brief in words: each of its fields as a person reads it, and a name for what was changed."""

from datetime import date

from mtaf_core.charts.numbers import compact
from mtaf_core.charts.words import feature_label
from mtaf_core.content.take import Take
from mtaf_core.insight.scenarios import MAX_NAME_CHARS
from pages.components import clip_editing, market
from pages.components.candidate_form import FLAGS, TYPED, Brief
from pages.components.words import language, t

_FEATURES = {column: name for name, column in {**TYPED, **FLAGS}.items()}
_NONE = "–"


def rows(brief: Brief) -> dict[str, str]:
    """What a brief says, by what each field is called, in the order of the form; a dash where nothing is said."""
    flags = [(feature_label(_FEATURES[column], language()), said) for column, said in brief.flags]
    return {
        t("scenario_row_take"): take(brief.take),
        t("description"): brief.description or _NONE,
        t("tags"): " ".join(f"#{tag}" for tag in brief.tags) or _NONE,
        t("kol"): kol(brief),
        t("date"): day(brief.day),
        t("hour"): f"{brief.hour:02d}:00",
        t("product"): _flag(brief.product_link),
        t("city"): brief.city or _NONE,
        t("poi"): brief.poi or _NONE,
        t("more"): " · ".join(f"{label}: {_flag(said)}" for label, said in flags) or _NONE,
    }


def kol(brief: Brief) -> str:
    """Who posts it: a name of the market, the numbers that were typed, or a dash."""
    if brief.typed:
        said = " · ".join(
            f"{feature_label(_FEATURES[column], language())} {_value(value)}" for column, value in brief.typed
        )
        return t("scenario_of_kol", said=said)
    if brief.uploader_id is None:
        return _NONE
    return next((one.nickname for one in market.kols() if one.uploader_id == brief.uploader_id), brief.uploader_id)


def day(said: date | None) -> str:
    """A date with its weekday."""
    return _NONE if said is None else f"{said.isoformat()} {t(f'change_day_{said.weekday()}')}"


def take(said: Take) -> str:
    """Which part of the clip, and whether with its sound."""
    return clip_editing.words(said) or t("take_whole")


def what_changed(brief: Brief, first: Brief) -> str:
    """A name for a brief by what it changes of another, short enough for a scenario."""
    said, changed = [], set(brief.changes(first))
    if brief.day is not None and changed & {"date", "hour"}:
        said.append(f"{t(f'change_day_{brief.day.weekday()}')} {brief.hour:02d}:00")
    if "kol" in changed:
        typed = brief.typed or brief.uploader_id is None
        said.append(t("scenario_name_typed") if typed else t("scenario_name_kol", kol=kol(brief)))
    if "tags" in changed:
        tags = " ".join(f"#{tag}" for tag in brief.tags if tag not in first.tags or len(brief.tags) < len(first.tags))
        said.append(t("scenario_name_tags", tags=tags) if brief.tags else t("scenario_name_tagless"))
    if "product" in changed:
        said.append(t("scenario_name_product", said=_flag(brief.product_link)))
    if "city" in changed and brief.city:
        said.append(brief.city)
    if brief.take.content_hash == first.take.content_hash and brief.take != first.take:
        said.append(take(brief.take))
        changed.discard("clip")
    told = {"date", "hour", "kol", "tags", "product", "city"}
    said += [t("scenario_name_new", field=t(key).lower()) for key in brief.changes(first)
             if key in changed and key not in told]  # fmt: skip
    name = " · ".join(said) or t("scenario_as_is")
    return name if len(name) <= MAX_NAME_CHARS else f"{name[: MAX_NAME_CHARS - 1].rstrip()}…"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _flag(value)
    return compact(value, language()) if isinstance(value, int | float) and value >= 1_000 else str(value)


def _flag(said: bool | None) -> str:
    return t("unknown") if said is None else t("yes") if said else t("no")
