"""The words of the charts of how features are spread, English and Chinese, by key."""

DISTRIBUTION_CHART_WORDS: dict[str, tuple[str, str]] = {
    "quantiles_close": (
        "{label}: as the fitted normal over {share} of the range",
        "{label}在 {share} 的范围内与拟合正态一致",
    ),
    "quantiles_heavy_high": (
        "{label}: the largest are larger than a normal would have them",
        "{label}：最大的值比正态分布更大",
    ),
    "quantiles_light_high": (
        "{label}: the largest are smaller than a normal would have them",
        "{label}：最大的值比正态分布更小",
    ),
    "quantiles_heavy_low": (
        "{label}: the smallest are smaller than a normal would have them",
        "{label}：最小的值比正态分布更小",
    ),
    "quantiles_light_low": (
        "{label}: the smallest are larger than a normal would have them",
        "{label}：最小的值比正态分布更大",
    ),
    "quantiles_none": ("Too little differs for a Q–Q plot", "差异过小，无法绘制 Q–Q 图"),
    "quantiles_alt": (
        "Quantile-quantile plot of {label}: {n} quantiles against those of the fitted normal. The median is {median}; "
        "the normal has {expected}. The largest quantile shown is {top}; the normal has {top_expected}.",
        "{label}的 Q–Q 图：{n} 个分位数与拟合正态的分位数对照。中位数为 {median}，正态为 {expected}；"
        "图中最高分位数为 {top}，正态为 {top_expected}。",
    ),
    "quantiles_x": ("Fitted normal", "拟合正态"),
    "quantiles_y": ("Observed", "实际"),
    "quantiles_hover": (
        "{share} lie below {observed}<br>the normal says {expected}",
        "{share} 低于 {observed}<br>正态为 {expected}",
    ),
    "parts_finding": (
        "{label}: highest for {top} (median {most}), lowest for {bottom} ({least})",
        "{label}中位数以{top}最高（{most}），{bottom}最低（{least}）",
    ),
    "parts_finding_same": (
        "{label}: the same median in every group, {most}",
        "各组{label}的中位数相同：{most}",
    ),
    "parts_alt": (
        "Histograms of {label}, one a group of {by}, one under the other. {parts}.",
        "按{by}分组的{label}直方图，逐行排列。{parts}。",
    ),
    "parts_part": ("{word}: {n} {unit}, median {median}", "{word}：{n} 个{unit}，中位数 {median}"),
    "parts_hover": (
        "{word}<br>{low} to {high}: {n} ({share} of the group)",
        "{word}<br>{low} 至 {high}：{n}（占该组 {share}）",
    ),
    "parts_zero_hover": ("{word}<br>{n} are zero ({share} of the group)", "{word}<br>{n} 个为零（占该组 {share}）"),
    "parts_median_hover": ("{word}<br>median {median}", "{word}<br>中位数 {median}"),
    "category_clear": (
        "{by}: “{top}” goes with the most popularity, about {factor} the typical video",
        "{by}为“{top}”的视频热度最高，约为典型视频的 {factor}",
    ),
    "category_clear_low": (
        "{by}: “{top}” goes with the least popularity, about {factor} the typical video",
        "{by}为“{top}”的视频热度最低，约为典型视频的 {factor}",
    ),
    "category_unclear": (
        "{by}: no value is clearly more or less popular than the typical video",
        "没有哪个{by}的热度明显高于或低于典型视频",
    ),
    "category_one": ("{by}: all videos have one value", "所有视频的{by}相同"),
    "category_alt": (
        "Bars of videos by {by}, and beside them how popular they are against the typical video, with 90% intervals. "
        "{groups}.",
        "各{by}的视频数，以及相对典型视频的热度（90% 区间）。{groups}。",
    ),
    "category_one_group": ("{word}: {n} videos, {factor}", "{word}：{n} 个视频，{factor}"),
    "category_count_axis": ("Videos", "视频数"),
    "category_effect_axis": ("Popularity ÷ typical video", "热度 ÷ 典型视频"),
    "category_effect_axis_net": (
        "Popularity ÷ typical video, KOLs' own strength taken out",
        "热度 ÷ 典型视频（已扣除达人自身实力）",
    ),
    "category_count_hover": ("{word}<br>{n} videos, {share} of all", "{word}<br>{n} 个视频，占 {share}"),
    "category_effect_hover": (
        "{word}<br>{factor} ({low} to {high}, 90%)<br>{n} videos of {kols} KOLs<br>{clear}",
        "{word}<br>{factor}（90% 区间 {low} 至 {high}）<br>{kols} 位达人的 {n} 个视频<br>{clear}",
    ),
    "is_clear": ("clearly different", "差异明显"),
    "is_unclear": ("could be chance", "可能出于偶然"),
    "value_unknown": ("unknown", "未知"),
    "value_yes": ("yes", "是"),
    "value_no": ("no", "否"),
    "column_tier": ("KOL tier", "达人层级"),
    "column_category": ("Category", "类目"),
    "column_platform": ("Platform", "平台"),
}  # fmt: skip
