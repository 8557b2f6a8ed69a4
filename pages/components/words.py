"""The interface's words, English and Chinese, by key; charts bring their own (`mtaf_core.charts.words`)."""

from typing import Any

import streamlit as st

from mtaf_core.charts.words import LANGUAGES, Language
from mtaf_core.data.importers.reasons import Reason, reason_of
from mtaf_core.errors import MtafError
from pages.components.words_batch import BATCH_WORDS
from pages.components.words_change import CHANGE_WORDS
from pages.components.words_clip import CLIP_WORDS
from pages.components.words_core import in_chinese
from pages.components.words_data import DATA_WORDS
from pages.components.words_distributions import DISTRIBUTION_WORDS
from pages.components.words_drivers import DRIVER_WORDS
from pages.components.words_early import EARLY_WORDS
from pages.components.words_follow import FOLLOW_WORDS
from pages.components.words_forms import FORM_WORDS
from pages.components.words_kol_profile import KOL_PROFILE_WORDS
from pages.components.words_kols import KOL_WORDS
from pages.components.words_long import LONG_WORDS
from pages.components.words_model import MODEL_WORDS
from pages.components.words_reasons import CHINESE
from pages.components.words_scenarios import SCENARIO_WORDS
from pages.components.words_study import STUDY_WORDS
from pages.components.words_tags import TAGS_WORDS
from pages.components.words_when import WHEN_WORDS
from pages.components.words_why import WHY_WORDS

WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "nav_explore": ("Explore the market", "探索市场"),
    "nav_behind": ("Behind the forecast", "预测背后"),
    "nav_check": ("Check a video", "检测视频"),
    "nav_drivers": ("What drives popularity", "热度驱动因素"),
    "nav_distributions": ("Distributions", "特征分布"),
    "nav_tags": ("Tags", "话题"),
    "nav_when": ("When to post", "发布时间"),
    "language": ("Language", "语言"),
    "simulated": (
        "**{name} (simulated).** Every KOL, video and number here is made up, so you can try everything safely.",
        "**{name}（模拟数据）。** 这里的达人、视频和数字均为虚构，可放心试用。",
    ),
    "foot_workspace": ("Workspace", "工作区"),
    "foot_profile": ("Models", "模型"),
    "foot_trained": ("Trained", "训练于"),
    "foot_device": ("Device", "设备"),
    "foot_no_bundle": ("nothing trained yet", "尚未训练"),
    "foot_waking": ("waking up", "启动中"),
    "profile_compact": ("compact profile", "精简配置"),
    "profile_paper": ("paper profile", "论文配置"),
    "profile_paper-multilingual": ("paper profile, multilingual", "论文配置（多语言）"),
    "profile_custom": ("custom profile", "自定义配置"),
    "download_rows": ("The numbers of this chart as a CSV file", "将此图的数据下载为 CSV"),
    "fault": (
        "Something went wrong on our side. Reference **{reference}**; the details are in the log.",
        "程序出现了问题。参考编号 **{reference}**，详情见日志。",
    ),
    # the clip
    "check_lead": (
        "Upload a clip before release and see how popular it is likely to be on day {day}, why, and what would help.",
        "发布前上传视频，查看它在第 {day} 天的预计热度、原因，以及怎样改变会更好。",
    ),
    "clip_head": ("Your clip", "你的视频"),
    "samples_head": ("Or try a sample clip", "或试用示例视频"),
    "no_samples": (
        "This workspace comes with no sample clips; upload one of your own.",
        "此工作区没有示例视频，请上传自己的视频。",
    ),
    "clip": ("Clip", "视频"),
    "change_clip": ("Change clip", "更换视频"),
    "excerpt": ("The first ten seconds, which is what was read.", "仅播放被读取的前十秒。"),
    "too_big": (
        "'{name}' is {size}, more than the {limit} a clip may have; export it at a lower quality or cut it shorter.",
        "“{name}”大小为 {size}，超过上限 {limit}；请降低画质或剪短后再上传。",
    ),
    "clip_gone": (
        "'{name}' is no longer kept here: it was deleted, expired or made room for others; upload it again.",
        "“{name}”已不在此处（已删除、过期或为其他视频腾出空间）；请重新上传。",
    ),
    "empty_file": ("'{name}' is empty; export it again.", "“{name}”是空文件，请重新导出。"),
    "stage_decode": ("Reading the clip", "读取视频"),
    "stage_text": ("Text", "文案"),
    "stage_audio": ("Sound", "声音"),
    "stage_visual": ("Picture", "画面"),
    "stage_predict": ("Forecast", "预测"),
    "working": ("Looking at your clip", "正在分析视频"),
    # the form
    "form_head": ("Release details", "发布信息"),
    "form_lead": ("Change anything: the forecast follows at once.", "修改任一项，预测立即更新。"),
    "description": ("Description", "视频文案"),
    "description_hint": ("What viewers will read under the video", "观众在视频下方看到的文字"),
    "tags": ("Hashtags", "话题"),
    "tags_hint": ("Type freely, or pick", "直接输入或选择"),
    "kol": ("KOL", "达人"),
    "kol_pick": ("From market", "市场达人"),
    "kol_type": ("Type numbers", "手动填写"),
    "kol_hint": ("Search by name", "按昵称搜索"),
    "kol_find": ("Find a KOL", "查找达人"),
    "kol_many": (
        "{n} KOLs; the {shown} with most followers are listed. Type part of a name to find another.",
        "共 {n} 位达人，列出粉丝最多的 {shown} 位；输入昵称可查找其他达人。",
    ),
    "kol_none": (
        "This market knows no KOL yet; type their numbers.",
        "本市场暂无达人，请手动填写。",
    ),
    "unknown": ("Unknown", "未知"),
    "yes": ("Yes", "是"),
    "no": ("No", "否"),
    "followers": ("{n} followers", "{n} 粉丝"),
    "date": ("Date", "日期"),
    "hour": ("Hour", "时段"),
    "zone_help": ("In the market's time zone, {zone}.", "以市场时区 {zone} 为准。"),
    "product": ("Product link", "商品链接"),
    "more": ("More", "更多"),
    "city": ("City", "城市"),
    "poi": ("Point of interest", "兴趣点"),
    "poi_hint": ("Name of the place, empty for none", "地点名称，可留空"),
    # the verdict
    "headline": (
        "Expected popularity score :primary[**{score}**] on day {day} ({low}–{high}, {level} range)",
        "第 {day} 天预计热度值 :primary[**{score}**]（{level} 区间 {low}–{high}）",
    ),
    "rank_market": ("**{rank} percentile** of this market", "本市场**{rank} 百分位**"),
    "rank_tier": ("**{rank}** in the {tier} tier", "{tier}达人中**{rank} 百分位**"),
    "rank_own": ("**{rank}** of this KOL's own videos", "该达人自身视频中**{rank} 百分位**"),
    "tier_head": ("head", "头部"),
    "tier_waist": ("waist", "腰部"),
    "tier_tail": ("tail", "尾部"),
    "tier_nano": ("nano", "素人"),
    "tier_unknown": ("unknown", "未知"),
    "score_what": ("What is this score?", "热度值是什么？"),
    "score_help": (
        "The **popularity score** adds up what people do with a video by day {day}:\n\n"
        "**0.2 × likes + 0.3 × comments + 0.5 × shares**\n\n"
        "A share counts most, since it takes the video to new people (equation 1 of the MTAF paper). "
        "The range is made so that it holds the real score {level} of the time, measured on this market's most "
        "recent videos.",
        "**热度值**综合了视频发布后 {day} 天内的互动：\n\n"
        "**0.2 × 点赞 + 0.3 × 评论 + 0.5 × 分享**\n\n"
        "分享权重最高，因为它把视频带给新的观众（MTAF 论文公式 1）。"
        "区间按本市场最近的视频校准，真实值有 {level} 的概率落在其中。",
    ),
    "where_looks": ("Where the model looks", "模型关注哪里"),
    "where_help": (
        "Attention is how the model weighs its sources of evidence for this clip. It says where the model looks, not "
        "whether what it sees helps or harms.",
        "注意力是模型对这条视频各类信息的权重。它说明模型看哪里，而不说明所见是利是弊。",
    ),
    "what_it_does": ("What each does to the forecast", "各部分对预测的作用"),
    "what_help": (
        "Starting from a video the model knows nothing about ({baseline}), each source multiplies the forecast by this "
        "much (exact Shapley values). It is what the model relies on, not proof of a cause.",
        "从模型一无所知的视频（{baseline}）出发，各类信息使预测变为多少倍（精确 Shapley 值）。"
        "这是模型的依据，而非因果证明。",
    ),
    "missing_one": (
        "No {modality} was given or found, so the model leaves it out and relies on the rest.",
        "缺少{modality}，模型已忽略该项，仅依据其余信息。",
    ),
    "made_with": (
        "Bundle {bundle} · {profile}: {backbones} · {device} · {timings}",
        "模型包 {bundle} · {profile}：{backbones} · {device} · {timings}",
    ),
    "whatif_head": ("Compared with the first forecast ({first})", "与首次预测（{first}）相比"),
    "whatif_same": ("No change to the forecast", "预测没有变化"),
    "whatif_changed": ("Changed: {fields}", "已修改：{fields}"),
    "reset": ("Reset", "恢复"),
    "rebase": ("Make this the new baseline", "设为新的基准"),
    "no_market": (
        "No video of this market has a day-{day} score yet, so there is nothing to compare with.",
        "本市场尚无第 {day} 天的热度值，无法比较。",
    ),
    "download_csv": ("Download CSV", "下载 CSV"),
    **BATCH_WORDS,
    **CHANGE_WORDS,
    **CLIP_WORDS,
    **DATA_WORDS,
    **DISTRIBUTION_WORDS,
    **DRIVER_WORDS,
    **EARLY_WORDS,
    **FOLLOW_WORDS,
    **FORM_WORDS,
    **KOL_PROFILE_WORDS,
    **KOL_WORDS,
    **LONG_WORDS,
    **MODEL_WORDS,
    **SCENARIO_WORDS,
    **STUDY_WORDS,
    **WHY_WORDS,
    **TAGS_WORDS,
    **WHEN_WORDS,
}


def language() -> Language:
    """The language chosen in the sidebar; English until it is."""
    chosen = st.session_state.get("lang", "en")
    return chosen if chosen in LANGUAGES else "en"


def t(key: str, **values: Any) -> str:
    """The words for ``key`` in the chosen language, with ``values`` filled in."""
    english, chinese = WORDS[key]
    return (chinese if language() == "zh" else english).format(**values)


def told(why: Reason | MtafError | str) -> str:
    """Why something was not done, or a sentence of the core, in the chosen language."""
    reason = why if isinstance(why, str) else reason_of(why)
    if language() != "zh":
        return str(reason)
    if not isinstance(reason, Reason) or reason.code == "other":
        return in_chinese(str(reason))
    values = {name: told(value) if isinstance(value, Reason) else value for name, value in reason.values.items()}
    return CHINESE[reason.code].format(**values)
