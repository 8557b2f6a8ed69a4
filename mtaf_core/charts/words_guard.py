"""The words of what is impossible, or unlike anything the model has seen, English and Chinese, by key."""

GUARD_WORDS: dict[str, tuple[str, str]] = {
    "guard_above": (
        "{field} {value}: the market's largest is {most}.",
        "{field} {value}：本市场最大为 {most}。",
    ),
    "guard_below": (
        "{field} {value}: the market's smallest is {least}.",
        "{field} {value}：本市场最小为 {least}。",
    ),
    "guard_flag": (
        "{field} '{value}': every video of this market says '{other}'.",
        "{field}为“{value}”：本市场的视频均为“{other}”。",
    ),
    "guard_slot": (
        "{field} {value}: no video of this market was released then.",
        "{field} {value}：本市场没有视频在此时发布。",
    ),
    "guard_word": (
        "'{value}' is no {field} this market knows, so the {field} counts as unknown.",
        "市场数据中没有“{value}”这一{field}，因此{field}按未知处理。",
    ),
    "guard_tags": (
        "No video of this market used {value}, so what it reaches counts as unknown.",
        "本市场没有视频用过 {value}，其触达按未知处理。",
    ),
    "guard_early": (
        "Release on {value}: the market's first video is of {least}.",
        "{value} 发布：本市场最早的视频在 {least}。",
    ),
    "guard_late": (
        "Release on {value}: the market's latest video is of {most}, more than a year before.",
        "{value} 发布：本市场最新的视频在 {most}，早一年以上。",
    ),
    "guard_before_kol": (
        "Release on {value}: this KOL's first video here is of {least}.",
        "{value} 发布：该达人在本市场最早的视频在 {least}。",
    ),
    "guard_range": (
        "{field} cannot be {value}; give a number from {least} to {most}.",
        "{field}不能为 {value}；请填写 {least} 至 {most} 之间的数。",
    ),
    "guard_after": (
        "{field} exists only after release and cannot be set.",
        "{field}只在发布后才有，不能设置。",
    ),
    "guard_views": (
        "Hashtag views cannot be {value} when hashtag users are {least}: raise the views.",
        "话题播放量不能为 {value}，因为参与人数为 {least}；使用话题的视频总会被播放，请提高播放量。",
    ),
    "guard_no_tags": (
        "{field} cannot be {value} without hashtags; add some, or leave it out.",
        "没有话题时{field}不能为 {value}；请添加话题或不填此项。",
    ),
    "guard_longer": (
        "Duration cannot be {value} s: the clip lasts {most} s, and it can be cut but not drawn out.",
        "时长不能为 {value} 秒：视频只有 {most} 秒，可以剪短，不能延长。",
    ),
}
