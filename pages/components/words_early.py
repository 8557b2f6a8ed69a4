"""The words of the Early trend page, English and Chinese, by key."""

EARLY_WORDS: dict[str, tuple[str, str]] = {
    "nav_early": ("Early trend", "早期走势"),
    "early_lead": (
        "Videos that are out but not yet {day} days old: where each is heading, which are on track to be hits, and "
        "which are falling behind.",
        "已发布但未满 {day} 天的视频：各自走向如何，哪些有望成为爆款，哪些落后于预期。",
    ),
    "early_as_of": ("As of the end of", "截至"),
    "early_days": ("Days observed", "已观察天数"),
    "early_all": ("All", "全部"),
    "early_hit_head": ("What is a hit?", "何为爆款？"),
    "early_share": ("The top", "前"),
    "early_of": ("of", "范围"),
    "early_of_tier": ("its KOL tier", "同层级达人"),
    "early_of_market": ("the whole market", "整个市场"),
    "early_hit_help": (
        "Measured on the finished videos that forecasts are made of. A tier with fewer than {few} of them takes the "
        "whole market's.",
        "以用于判断走向的已完成视频为准；不足 {few} 个的层级采用整个市场的门槛。",
    ),
    "early_replay": (
        "Looking back: today is **{day}**. Nothing counted later is used for forecasts; what came is drawn as open "
        "circles. Expectations before release were learnt from the whole market.",
        "回放：假定今天是 **{day}**。判断走向时不使用此后的数据；实际结果以空心圆标出。发布前预期来自整个市场。",
    ),
    "early_to_newest": ("To the newest date", "回到最新日期"),
    "early_none": (
        "No video of this cohort is under way as of {day}: all were followed to day {horizon}, or have no count yet.",
        "截至 {day}，此范围内没有进行中的视频：均已跟踪至第 {horizon} 天，或尚无数据。",
    ),
    "early_offer": (
        "Replay the market as if today were {day}, when {n} videos were under way.",
        "以 {day} 为“今天”回放市场，当时有 {n} 个进行中的视频。",
    ),
    "early_do_replay": ("Replay from {day}", "从 {day} 回放"),
    "early_no_counts": (
        "No video of this cohort has counts of its first {horizon} days. Follow uploaders daily, or import daily "
        "counts, and forecasts begin when {few} videos have been counted from start to end.",
        "此范围内没有视频具备前 {horizon} 天的数据。请每日跟踪达人或导入每日数据；"
        "有 {few} 个视频完整统计后即可判断走向。",
    ),
    "early_few": (
        "Where these videos are heading cannot be said yet: that takes {few} finished videos counted on the same days, "
        "and by {day} there are fewer. Follow uploaders daily on the Data page, or look at another date.",
        "目前无法判断这些视频的走向：需要 {few} 个在相同天数有数据的已完成视频，截至 {day} 不足。"
        "请在“数据”页每日跟踪达人，或选择其他日期。",
    ),
    "early_under_way": ("Under way", "进行中"),
    "early_hits": ("On track to be hits", "有望成为爆款"),
    "early_behind": ("Falling behind", "落后于预期"),
    "early_hits_help": (
        "At least an even chance to end as a hit.",
        "成为爆款的概率至少为一半。",
    ),
    "early_behind_help": (
        "At least 9 chances in 10 to end below what was expected of the video before release.",
        "至少有九成概率低于该视频发布前的预期。",
    ),
    "early_trust": ("Ended inside the 90% band", "落入 90% 区间"),
    "early_trust_help": (
        "Of the latest finished videos, foretold from those before them alone.",
        "以更早的视频预测最近完成的视频。",
    ),
    "early_trusted": (
        "Of {n} later videos, **{most}** ended inside the 90% band and **{half}** inside the 50% band; half of them "
        "within {miss} of the median. Bands come from {finished} finished videos {whose}.",
        "在 {n} 个较晚的视频中，**{most}** 落入 90% 区间，**{half}** 落入 50% 区间；半数与中位数相差在 {miss} 以内。"
        "区间来自{whose} {finished} 个已完成视频。",
    ),
    "early_untrusted": (
        "There are too few finished videos to check the bands on later ones. Bands come from {finished} finished "
        "videos {whose}.",
        "已完成的视频太少，无法用较晚的视频检验区间。区间来自{whose} {finished} 个已完成视频。",
    ),
    "early_whose_cohort": ("of this cohort", "此范围内"),
    "early_whose_market": ("of the market", "市场中"),
    "early_by_days": ("By days observed", "按已观察天数"),
    "early_how": (
        "Where a video is heading is read from the finished videos that stood where it stands: the {near} nearest in "
        "popularity on the day last counted and in growth on that day. Their growth from then on is the fan. Nothing "
        "of the clip, its words or its KOL is used, so it needs no training.",
        "视频走向取自处境相同的已完成视频：在最近统计日的热度与当日增速上最接近的 {near} 个，"
        "它们此后的增长即为走向扇形。不使用视频内容、文案或达人信息，因此无需训练。",
    ),
    "early_view_map": ("Map", "总览"),
    "early_view_hit": ("On track", "有望爆款"),
    "early_view_behind": ("Falling behind", "落后"),
    "early_view_all": ("All", "全部"),
    "early_view": ("Videos", "视频"),
    "early_sampled": (
        "{n} of {of} are drawn, spread evenly by their chance of a hit.",
        "图中为 {of} 个中的 {n} 个，按爆款概率均匀抽取。",
    ),
    "early_listed": ("The first {n} of {of}.", "前 {n} 个，共 {of} 个。"),
    "early_list_empty_hit": (
        "None has an even chance to be a hit. Look at all of them, or take a larger share as hits.",
        "没有视频有一半概率成为爆款。可查看全部，或放宽爆款标准。",
    ),
    "early_list_empty_behind": (
        "None is falling behind with 9 chances in 10.",
        "没有视频以九成概率落后于预期。",
    ),
    "early_pick": ("Click a point to look at the video.", "点击圆点查看视频。"),
    "early_pick_row": ("Choose a row to look at the video.", "选择一行查看视频。"),
    "early_col_kol": ("KOL", "达人"),
    "early_col_what": ("Video", "视频"),
    "early_col_tier": ("Tier", "层级"),
    "early_col_day": ("Days", "天数"),
    "early_col_curve": ("So far", "走势"),
    "early_col_now": ("Now", "当前"),
    "early_col_heading": ("Heading for", "走向"),
    "early_col_low": ("90% low", "90% 下限"),
    "early_col_high": ("90% high", "90% 上限"),
    "early_col_expected": ("Expected", "预期"),
    "early_col_against": ("÷ expected", "÷ 预期"),
    "early_col_hit": ("Hit chance", "爆款概率"),
    "early_col_below": ("Ends below expected", "低于预期概率"),
    "early_col_inside": ("Inside 90%", "90% 区间内"),
    "early_col_inside_half": ("Inside 50%", "50% 区间内"),
    "early_col_later": ("Later videos", "较晚视频"),
    "early_col_miss": ("Typical miss", "典型偏差"),
    "early_untitled": ("(no description)", "（无文案）"),
    "early_by": ("{name} · {tier} · {followers} followers", "{name} · {tier} · {followers} 粉丝"),
    "early_posted": ("Posted {time}", "发布于 {time}"),
    "early_chance_hit": ("Hit chance", "爆款概率"),
    "early_chance_below": ("Below expected", "低于预期"),
    "early_against": ("÷ expected", "÷ 预期"),
    "early_clip": ("Watch the clip", "观看视频"),
    "early_no_clip": (
        "The clip is not linked; link a folder of clips on the Data page.",
        "未关联视频文件，可在“数据”页关联文件夹。",
    ),
    "early_gone": (
        "The video of the link is not under way as of {day}; the likeliest hit is shown.",
        "链接中的视频截至 {day} 不在进行中，现显示最可能的爆款。",
    ),
    "early_model": ("The trained model's own forecast", "训练模型的预测"),
    "early_model_says": (
        "The model, which also looks at the clip and its facts, says **{score}** ({low} to {high} with 90%).",
        "训练模型还会参考内容与背景，预测 **{score}**（90% 区间 {low} 至 {high}）。",
    ),
    "early_model_learnt": (
        "It has learnt from how this very video ended, so this is no test of it.",
        "它已学习过此视频的最终结果，因此不能作为检验。",
    ),
    "early_model_day": (
        "The bundle in use predicts day {bundle}, and this page looks at day {day}.",
        "当前模型预测第 {bundle} 天，而本页关注第 {day} 天。",
    ),
}
