"""The words of the page on when to post, English and Chinese, by key."""

WHEN_WORDS: dict[str, tuple[str, str]] = {
    "when_lead": (
        "Which hours of the week go with more popularity than their videos would have at another time.",
        "一周中哪些时段的视频热度高于其他时间发布时的预期。",
    ),
    "reading_when_help": (
        "**Adjusted**: over what is expected of the video from all other facts of Table 1, with the KOL's own strength "
        "taken out; a slot of few videos leans on its weekday and its hour. **Raw**: mean popularity against the "
        "average video, which also tells who posts then. Both are shrunk, with 90% intervals. Neither says that the "
        "hour is the cause.",
        "**已调整**：与其他特征的预期相比，并扣除达人自身实力；视频少的时段参考同日与同时刻。**原始**：平均热度与平均视频相比，"
        "也反映谁在此时发布。两者均经收缩并附 90% 区间，都不代表因果。",
    ),
    "when_zone": (
        "Times are of **{zone}**, where the market is. Hatched: fewer than {thin} videos. Framed: the clearly best "
        "slots, and the chosen one. Click a slot to choose it.",
        "时间为市场所在时区 **{zone}**。斜线：不足 {thin} 个视频。方框：明显最好的时段与所选时段。点击可选择时段。",
    ),
    "when_videos": ("{n} videos with a known popularity.", "{n} 个热度已知的视频。"),
    "when_chosen": ("Chosen slot", "所选时段"),
    "when_day": ("Weekday", "星期"),
    "when_hour": ("Hour", "时刻"),
    "when_said": (
        "{factor} of the average video (90% interval {low} to {high}); {n} videos.",
        "为平均视频的 {factor}（90% 区间 {low} 至 {high}）；{n} 个视频。",
    ),
    "when_said_clear": ("The difference is clear.", "差异明显。"),
    "when_said_unclear": ("The difference is not clear.", "差异不明显。"),
    "when_said_thin": ("Few videos: mostly what its weekday and its hour say.", "视频较少：主要参考同日与同时刻。"),
    "when_said_thin_raw": ("Few videos: drawn towards the average.", "视频较少：向平均值收缩。"),
    "carry_slot": ("Use {slot} in Check a video", "将{slot}用于检测视频"),
    "when_hours": ("By hour", "按时刻"),
    "when_days": ("By weekday", "按星期"),
    "when_table": ("Every slot", "全部时段"),
    "tag_col_slot": ("Slot", "时段"),
    "tag_col_thin": ("Few videos", "视频少"),
    "when_help_effect": (
        "Popularity over that of the average video of the cohort, with the ends of the 90% interval.",
        "热度与此范围内平均视频之比，附 90% 区间两端。",
    ),
}
