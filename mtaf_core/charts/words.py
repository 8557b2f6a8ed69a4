"""The words in and around charts, in English and Chinese."""

from typing import Any, Literal

from mtaf_core.charts.words_change import CHANGE_CHART_WORDS
from mtaf_core.charts.words_distributions import DISTRIBUTION_CHART_WORDS
from mtaf_core.charts.words_drivers import DRIVER_CHART_WORDS
from mtaf_core.charts.words_early import EARLY_CHART_WORDS
from mtaf_core.charts.words_guard import GUARD_WORDS
from mtaf_core.charts.words_kols import KOL_CHART_WORDS
from mtaf_core.charts.words_model import MODEL_CHART_WORDS
from mtaf_core.charts.words_ranking import RANKING_CHART_WORDS
from mtaf_core.charts.words_scenarios import SCENARIO_CHART_WORDS
from mtaf_core.charts.words_tags import TAG_CHART_WORDS
from mtaf_core.charts.words_when import WHEN_CHART_WORDS
from mtaf_core.charts.words_why import WHY_CHART_WORDS
from mtaf_core.schema import FEATURE, GROUP_LABELS, MODALITY_LABELS, Group, Modality

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_MODALITY_ZH: dict[Modality, str] = {
    Modality.CONTENT_AGNOSTIC: "背景（达人、话题、时间）",
    Modality.TEXT: "文案",
    Modality.AUDIO: "声音",
    Modality.VISUAL: "画面",
    Modality.TEMPORAL: "早期走势",
}
_GROUP_ZH: dict[Group, str] = {
    Group.UPLOADER: "达人",
    Group.VIDEO: "视频",
    Group.TAG: "话题",
    Group.TIME: "时间",
    Group.LOCATION: "地点",
}

_WORDS: dict[str, tuple[str, str]] = {
    "score": ("Popularity score", "热度值"),
    "score_axis": ("Popularity score on day {day} (log scale)", "第 {day} 天热度值（对数刻度）"),
    "market_share": ("of the market's videos", "的市场视频"),
    "interval_finding": (
        "About {score}, above {share} of this market's videos",
        "预计约 {score}，高于本市场 {share} 的视频",
    ),
    "interval_finding_alone": (
        "About {score}, likely between {low} and {high}",
        "预计约 {score}，大概在 {low} 至 {high}",
    ),
    "interval_alt": (
        "Histogram of the day-{day} popularity scores of {n} videos of this market on a log scale. The forecast is "
        "{score}; the {level} range runs from {low} to {high}.",
        "本市场 {n} 个视频第 {day} 天热度值的对数直方图。预测值 {score}，{level} 区间 {low} 至 {high}。",
    ),
    "first_alt": (" The first forecast was {score}.", "首次预测为 {score}。"),
    "forecast": ("Forecast", "预测"),
    "first": ("First", "首次"),
    "range": ("{level} range", "{level} 区间"),
    "absent": ("not there", "缺失"),
    "attention_finding": ("The model looks most at {modality} ({share})", "模型最关注{modality}（{share}）"),
    "attention_none": ("There is no attention to show", "没有可展示的注意力"),
    "attention_alt": ("Bars of attention by modality: {bars}.", "各模态注意力：{bars}。"),
    "attention_axis": ("Share of attention", "注意力占比"),
    "contribution_up": (
        "{modality} raises the forecast most ({factor})",
        "{modality}对预测的提升最大（{factor}）",
    ),
    "contribution_down": (
        "{modality} lowers the forecast most ({factor})",
        "{modality}对预测的拉低最大（{factor}）",
    ),
    "contribution_alt": (
        "Bars of how each modality multiplies the forecast of a video the model knows nothing about: {bars}.",
        "相对于模型一无所知的视频，各模态对预测的倍数：{bars}。",
    ),
    "contribution_axis": ("Multiplies the forecast by", "预测乘以"),
    "and": (" and ", "和"),
    "comma": (", ", "、"),
    "of": ("{label}: {said}", "{label}：{said}"),
    "close_to_normal": ("close to log-normal", "接近对数正态"),
    "near_normal": ("roughly log-normal", "大致为对数正态"),
    "far_from_normal": ("far from log-normal", "明显偏离对数正态"),
    "linear_skewed": ("half lie below {median}, the mean is {mean}", "半数低于 {median}，均值 {mean}"),
    "distribution_alt": (
        "Histogram of {label} over {n} {unit}; {zeros} are zero. Mean {mean}, KS distance to the fitted normal {ks}.",
        "{label}在 {n} 个{unit}上的直方图；{zeros} 个为零。均值 {mean}，与拟合正态的 KS 距离 {ks}。",
    ),
    "zero": ("0", "0"),
    "zero_hover": ("{n} are zero", "{n} 个为零"),
    "bin_hover": ("{low} to {high}: {n}", "{low} 至 {high}：{n}"),
    "empty": ("Nothing to show yet", "暂无数据"),
    "part_width": ("width", "宽"),
    "part_height": ("height", "高"),
    "coverage_finding": (
        "{known} of {n} features are known for at least half of the videos",
        "{n} 个特征中有 {known} 个在至少一半视频上已知",
    ),
    "coverage_alt": (
        "Bars of the share of {videos} videos that each feature of Table 1 is known of. {bars}.",
        "表 1 各特征在 {videos} 个视频上的已知比例。{bars}。",
    ),
    "coverage_hover": (
        "{label}: known for {known} of {n} videos, missing for {missing}",
        "{label}：{n} 个视频中 {known} 个已知，{missing} 个缺失",
    ),
    "coverage_same": (", always the same value", "，取值全部相同"),
    "coverage_constant": ("{share}, one value", "{share}，单一取值"),
    "coverage_one": ("one value", "单一取值"),
    "coverage_none": ("none", "无"),
    "coverage_after": ("{label} *", "{label} *"),
    "freshness_finding_day": ("Newest counts are of {last}: {n} that day", "最新数据为 {last}，当日 {n} 条"),
    "freshness_finding_week": (
        "Newest counts are of {last}: {n} in that week",
        "最新数据为 {last}，当周 {n} 条",
    ),
    "freshness_finding_month": (
        "Newest counts are of {last}: {n} in that month",
        "最新数据为 {last}，当月 {n} 条",
    ),
    "freshness_alt": (
        "Bars of daily counts by {bucket} from {first} to {last}; the highest is {most}.",
        "{first} 至 {last} 每{bucket}的数据条数，最多 {most} 条。",
    ),
    "freshness_axis": ("Snapshots", "每日数据条数"),
    "bucket_day": ("day", "日"),
    "bucket_week": ("week", "周"),
    "bucket_month": ("month", "月"),
    "unit_uploader": ("KOLs", "达人"),
    "unit_video": ("videos", "视频"),
    **KOL_CHART_WORDS,
    **DRIVER_CHART_WORDS,
    **DISTRIBUTION_CHART_WORDS,
    **EARLY_CHART_WORDS,
    **CHANGE_CHART_WORDS,
    **GUARD_WORDS,
    **MODEL_CHART_WORDS,
    **RANKING_CHART_WORDS,
    **SCENARIO_CHART_WORDS,
    **TAG_CHART_WORDS,
    **WHEN_CHART_WORDS,
    **WHY_CHART_WORDS,
}


def say(lang: Language, key: str, **values: Any) -> str:
    """The words for ``key`` in a language, with ``values`` filled in."""
    english, chinese = _WORDS[key]
    return (chinese if lang == "zh" else english).format(**values)


def modality_label(modality: Modality, lang: Language = "en", short: bool = False) -> str:
    """What a modality is called; ``short`` leaves out what stands in brackets."""
    label = _MODALITY_ZH[modality] if lang == "zh" else MODALITY_LABELS[modality]
    return label.split(" (")[0].split("（")[0] if short else label


def group_label(group: Group, lang: Language = "en") -> str:
    """What a group of Table 1 is called."""
    return _GROUP_ZH[group] if lang == "zh" else GROUP_LABELS[group]


def feature_label(name: str, lang: Language = "en") -> str:
    """What a feature of Table 1 is called; the score of equation 1 too."""
    if name == "popularity_score":
        return say(lang, "score")
    feature = FEATURE[name]
    return feature.label_zh if lang == "zh" else feature.label
