"""The words of the charts of what drives popularity, English and Chinese, by key."""

DRIVER_CHART_WORDS: dict[str, tuple[str, str]] = {
    # importance
    "importance_finding": (
        "By {n} measures together, the models rely most on {features}",
        "综合 {n} 种度量，模型最依赖{features}",
    ),
    "importance_finding_one": (
        "By {measure}, the models rely most on {features}",
        "按 {measure}，模型最依赖{features}",
    ),
    "importance_alt": (
        "Bars of the share of total importance of {n} features, a panel a measure: {panels}. By mean share: {order}.",
        "{n} 个特征占总重要性的份额，每种度量一栏：{panels}。按平均份额排序：{order}。",
    ),
    "importance_hover": ("{share} of {panel}", "{panel} 的 {share}"),
    "importance_rank": (", rank {rank}", "，第 {rank} 名"),
    "importance_interval": ("<br>90% interval {low} to {high}", "<br>90% 区间 {low} 至 {high}"),
    "kind_permutation": ("permuted", "置换"),
    "kind_shap": ("|SHAP|", "|SHAP|"),
    # values
    "axis_unknown": ("unknown", "未知"),
    "axis_yes": ("yes", "是"),
    "axis_no": ("no", "否"),
    "axis_weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "axis_unit_s": ("s", "秒"),
    "axis_unit_px": ("px", "像素"),
    "axis_unit_years": ("years", "岁"),
    "axis_from_to": ("{low} to {high}", "{low} 至 {high}"),
    "dependence_others": ("other or unknown", "其他或未知"),
    "axis_tenth": ("{share} of the videos have {value} or less", "{share} 的视频不超过 {value}"),
    # dependence
    "effect_axis": ("Multiplies the forecast by", "使预测变为"),
    "dependence_finding": (
        "What the models credit to {label} {spread}",
        "模型归于{label}的作用{spread}",
    ),
    "dependence_range": ("runs from {low} to {high} of the forecast", "使预测变为 {low} 至 {high}"),
    "dependence_few": ("rests on too few videos for a mean", "所依据的视频太少，无法取平均"),
    "dependence_alt": (
        "Dots of {n} videos: their value of {label} against what it multiplies the models' forecast by. The mean "
        "{spread}.",
        "{n} 个视频的散点：{label}的取值与其使模型预测变为的倍数。平均{spread}。",
    ),
    "dependence_coloured": (" Coloured by {other}.", "按{other}着色。"),
    "dependence_hover": ("forecast {factor} for it", "使预测 {factor}"),
    "dependence_trend": (
        "around {value}: <b>{factor}</b> on average<br>90% interval {low} to {high}",
        "{value} 附近：平均 <b>{factor}</b><br>90% 区间 {low} 至 {high}",
    ),
    # partial dependence
    "partial_axis": ("Forecast beside the video as it is", "与视频原样相比的预测"),
    "partial_finding": (
        "All else as it is, the models forecast {ratio} as much with {label} at {high} as at {low}",
        "其他不变时，{label}取“{high}”的预测是取“{low}”的 {ratio}",
    ),
    "partial_flat": (
        "The models forecast the same whatever {label} is, all else as it is",
        "其他不变时，{label}取何值模型预测都几乎相同",
    ),
    "partial_alt": (
        "Lines of the forecast of {n} videos along values of {label}, all else as it is, and the mean of each library. "
        "Lowest at {low}, highest at {high}: {ratio}.",
        "{n} 个视频在其他不变时，预测随{label}取值的变化曲线及每个库的平均。最低在 {low}，最高在 {high}：{ratio}。",
    ),
    "partial_hover": (
        "{library}, {value}: <b>{factor}</b> of the forecast as they are, on average",
        "{library}，{value}：平均为原预测的 <b>{factor}</b>",
    ),
    # observed
    "by_value_observed": ("observed", "实际"),
    "by_value_axis": ("Popularity beside all videos", "与全部视频相比的热度"),
    "by_value_hover": (
        "{value}: <b>{factor}</b> the popularity of all<br>90% interval {low} to {high}, {n} videos",
        "{value}：热度为全部的 <b>{factor}</b><br>90% 区间 {low} 至 {high}，{n} 个视频",
    ),
    "by_value_credited": ("credited to it by the models", "模型归于它的部分"),
    "by_value_credited_hover": (
        "{value}: the models credit <b>{factor}</b> to it",
        "{value}：模型归于它 <b>{factor}</b>",
    ),
    "by_value_videos": ("Videos", "视频数"),
    "by_value_density": ("Density", "密度"),
    "by_value_n": ("{value}: {n} videos ({share})", "{value}：{n} 个视频（{share}）"),
    "by_value_finding": (
        "Videos with {label} {high} got {best} the popularity of all, those with {low} {worst}",
        "{label}为 {high} 的视频热度是全部的 {best}，{low} 的为 {worst}",
    ),
    "by_value_same": (
        "No value of {label} got clearly more or less popularity than the others",
        "{label}的各取值之间热度没有明确差异",
    ),
    "by_value_few": (
        "Too few videos with a known popularity at any value of {label}",
        "{label}的各取值上热度已知的视频都太少",
    ),
    "by_value_alt": (
        "Over {n} videos by {label}: popularity beside all videos with 90% intervals, what the models credit to it, "
        "and "
        "the number of videos. {finding}.",
        "{n} 个视频按{label}划分：与全部视频相比的热度（90% 区间）、模型归于它的部分，以及视频数。{finding}。",
    ),
}
