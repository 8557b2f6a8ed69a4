"""The words of the charts of hashtags, English and Chinese, by key."""

TAG_CHART_WORDS: dict[str, tuple[str, str]] = {
    # effects
    "tags_adjusted_best": (
        "Videos with #{tag} get about {factor} ({low}–{high}) of what the same video gets without it",
        "带 #{tag} 的视频约为同样视频不带该话题时的 {factor}（{low}–{high}）",
    ),
    "tags_adjusted_worst": (
        "No hashtag is clearly above the rest; videos with #{tag} get about {factor} ({low}–{high}) of what the same "
        "video gets without it",
        "没有话题明显更高；带 #{tag} 的视频约为同样视频不带该话题时的 {factor}（{low}–{high}）",
    ),
    "tags_raw_best": (
        "Videos with #{tag} have about {factor} ({low}–{high}) of the average video's popularity",
        "带 #{tag} 的视频热度约为平均视频的 {factor}（{low}–{high}）",
    ),
    "tags_raw_worst": (
        "No hashtag is clearly above the average; videos with #{tag} have about {factor} ({low}–{high}) of it",
        "没有话题明显高于平均；带 #{tag} 的视频约为平均的 {factor}（{low}–{high}）",
    ),
    "tags_clear": (
        "{finding}; {up} clearly above ×1 and {down} clearly below",
        "{finding}；{up} 个明显高于 ×1，{down} 个明显低于",
    ),
    "tags_none": ("No hashtag is clearly above or below the rest", "没有话题明显高于或低于其他话题"),
    "tags_alt": (
        "Bubbles of {n} hashtags: effect as a factor against {across}; size is the number of videos. Clear ones: "
        "{clear}.",
        "{n} 个话题的气泡图：纵轴为影响倍数，横轴为{across}，大小为视频数。明显的有：{clear}。",
    ),
    "tags_alt_none": ("none", "无"),
    "tags_adjusted_axis": ("With it ÷ without it (same video)", "带该话题 ÷ 不带（同样视频）"),
    "tags_raw_axis": ("With it ÷ average video", "带该话题 ÷ 平均视频"),
    "tags_crowding": ("views for each person using it (right: less crowded)", "人均观看量（越右越不拥挤）"),
    "tags_crowding_axis": ("Views for each person using it (right: less crowded)", "人均观看量（越右越不拥挤）"),
    "tags_videos": ("number of videos", "视频数"),
    "tags_videos_axis": ("Videos with it", "带该话题的视频数"),
    "tags_hover": (
        "<b>#{tag}</b><br>{factor} (90% interval {low} to {high})<br>{n} videos of {kols} KOLs",
        "<b>#{tag}</b><br>{factor}（90% 区间 {low} 至 {high}）<br>{kols} 位达人的 {n} 个视频",
    ),
    "tags_hover_crowding": ("<br>{value} views for each person using it", "<br>人均观看 {value}"),
    "tags_hover_clear": ("<br>clear", "<br>明显"),
    "tags_hover_unclear": ("<br>not clear", "<br>不明显"),
    "tags_up": ("clearly above", "明显更高"),
    "tags_down": ("clearly below", "明显更低"),
    "tags_unclear": ("not clear", "不明显"),
    # together
    "net_finding": (
        "#{one} and #{other} go together most closely: {n} videos have both, {lift} as many as chance would give",
        "#{one} 与 #{other} 最常同时出现：{n} 个视频两者都有，为随机情况的 {lift}",
    ),
    "net_none": ("None of these hashtags clearly go together", "这些话题之间没有明显的搭配"),
    "net_alt": (
        "Network of the {n} hashtags used most, linked where they go together more than chance; {links} links. "
        "Closest: {pairs}.",
        "使用最多的 {n} 个话题的网络，同时出现明显多于随机的相连，共 {links} 条。最紧密：{pairs}。",
    ),
    "net_pair": ("#{one} and #{other}", "#{one} 与 #{other}"),
    "net_hover": (
        "<b>#{tag}</b><br>{n} videos, {factor}<br>goes with {others}",
        "<b>#{tag}</b><br>{n} 个视频，{factor}<br>常与 {others} 同用",
    ),
    "net_hover_alone": ("<b>#{tag}</b><br>{n} videos, {factor}", "<b>#{tag}</b><br>{n} 个视频，{factor}"),
    # one hashtag over time
    "tag_weeks_finding": (
        "In its latest week of use, videos with #{tag} had {factor} ({low}–{high}) of what is expected without it",
        "最近一周，带 #{tag} 的视频为不带该话题时预期的 {factor}（{low}–{high}）",
    ),
    "tag_weeks_alt": (
        "Videos with #{tag} over {weeks} weeks as dots, popularity over what is expected, and the weeks' means with "
        "90% intervals, from {first} to {last}.",
        "{weeks} 周内带 #{tag} 的视频（点）：热度与预期之比，以及每周均值与 90% 区间，{first} 至 {last}。",
    ),
    "tag_weeks_axis": ("Popularity ÷ expected without hashtags", "热度 ÷ 不看话题的预期"),
    "tag_weeks_hover": (
        "week of {start}<br>{factor} (90% interval {low} to {high})<br>{n} videos",
        "{start} 当周<br>{factor}（90% 区间 {low} 至 {high}）<br>{n} 个视频",
    ),
    "tag_point_hover": (
        "{name}<br>{time}<br>popularity {score}, {factor} of expected",
        "{name}<br>{time}<br>热度 {score}，为预期的 {factor}",
    ),
}
