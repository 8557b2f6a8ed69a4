"""The words of the charts of how good the forecast is, English and Chinese, by key."""

MODEL_CHART_WORDS: dict[str, tuple[str, str]] = {
    # every method
    "scores_finding": (
        "{method} has the {better} {measure}, {value}; next is {second} with {other}",
        "{method} 的 {measure} {better}，为 {value}；其次是 {second}，为 {other}",
    ),
    "scores_finding_one": ("{method} has {measure} {value}", "{method} 的 {measure} 为 {value}"),
    "scores_lowest": ("lowest", "最低"),
    "scores_highest": ("highest", "最高"),
    "scores_alt": (
        "Dots of {measure} of {n} methods with 95% intervals, best first: {values}.",
        "{n} 种方法的 {measure} 及 95% 区间，由优到劣：{values}。",
    ),
    "scores_hover": (
        "{measure} {value}<br>95% interval {low} to {high}",
        "{measure} {value}<br>95% 区间 {low} 至 {high}",
    ),
    "scores_seeds": ("<br>{n} seeds, spread ±{sd}", "<br>{n} 个随机种子，离散 ±{sd}"),
    "scores_paper": ("The paper: {value}", "论文：{value}"),
    "measure_axis_error": ("{measure}, log units (smaller is better)", "{measure}，对数单位（越小越好）"),
    "measure_axis_square": ("{measure}, log units squared (smaller is better)", "{measure}，对数单位平方（越小越好）"),
    "measure_axis_share": ("{measure} (larger is better)", "{measure}（越大越好）"),
    "panel_paper": ("the paper", "论文"),
    # without a modality
    "ablation_worse": (
        "{modality} matters most: without it {measure} changes by {masked} (masked) or {retrained} (trained without)",
        "{modality}最重要：去掉后 {measure} 变化为 {masked}（遮蔽）、{retrained}（重新训练）",
    ),
    "ablation_better": (
        "; without {modality} it gets better ({retrained})",
        "；去掉{modality}反而更好（{retrained}）",
    ),
    "ablation_alt": (
        "Bars of how much {measure} changes without each modality, masked and trained again: {bars}.",
        "去掉各模态后 {measure} 的变化（遮蔽与重新训练）：{bars}。",
    ),
    "ablation_bar": ("{modality} {masked} and {retrained}", "{modality} {masked} 与 {retrained}"),
    "ablation_masked": ("masked", "遮蔽"),
    "ablation_retrained": ("trained without", "重新训练"),
    "ablation_paper": ("the paper, masked", "论文（遮蔽）"),
    "ablation_axis": ("Change of {measure} against the whole MTAF", "与完整 MTAF 相比 {measure} 的变化"),
    "ablation_hover": (
        "without {modality}, {part}<br>{measure} {value} ({change})",
        "去掉{modality}，{part}<br>{measure} {value}（{change}）",
    ),
    # by observed days
    "days_finding": (
        "With {days} observed, {method} has {measure} {value}; before any it had {before}",
        "观察 {days} 后，{method} 的 {measure} 为 {value}；未观察时为 {before}",
    ),
    "days_finding_before": (
        "Before release {method} has {measure} {value}",
        "发布前 {method} 的 {measure} 为 {value}",
    ),
    "days_finding_alone": (
        "With {days} observed, {method} has {measure} {value}",
        "观察 {days} 后，{method} 的 {measure} 为 {value}",
    ),
    "days_alt": (
        "Lines of {measure} by days observed ({days}) for {n} methods. {method}: {values}.",
        "{n} 种方法的 {measure} 随观察天数（{days}）的变化。{method}：{values}。",
    ),
    "days_axis": ("Days observed (0 is before release)", "观察天数（0 为发布前）"),
    "days_one": ("1 day", "1 天"),
    "days_many": ("{n} days", "{n} 天"),
    "days_none": ("before release", "发布前"),
    # learning curve
    "curve_more": (
        "From {few} to {many} videos the error of {method} fell by {share}: more data still helps",
        "视频从 {few} 增至 {many} 个，{method} 的误差降低 {share}：更多数据仍有帮助",
    ),
    "curve_flat": (
        "From {few} to {many} videos {method} changed by only {share}: it has levelled off",
        "视频从 {few} 增至 {many} 个，{method} 仅变化 {share}：已趋于平稳",
    ),
    "curve_alt": (
        "Lines of {measure} by number of training videos. {lines}.",
        "{measure} 随训练视频数的变化。{lines}。",
    ),
    "curve_line": (
        "{method}: {first} with {few} videos, {last} with {many}",
        "{method}：{few} 个视频时 {first}，{many} 个时 {last}",
    ),
    "curve_axis": ("Videos to learn from", "训练视频数"),
    "curve_hover": ("{method}<br>{n} videos: {measure} {value}", "{method}<br>{n} 个视频：{measure} {value}"),
    # predicted against real
    "fit_finding": (
        "Half of the forecasts are within {half} of the real score, nine in ten within {most}",
        "一半的预测与真实值相差在 {half} 以内，九成在 {most} 以内",
    ),
    "fit_alt": (
        "Points of {n} videos: score foretold by {method} against the real score on day {day}, on log scales. {range}",
        "{n} 个视频的散点：{method} 的预测与第 {day} 天真实热度，均为对数刻度。{range}",
    ),
    "fit_range": ("{share} of them lie in the {level} range.", "其中 {share} 落在 {level} 区间内。"),
    "fit_x": ("Foretold score (log scale)", "预测热度（对数刻度）"),
    "fit_y": ("Real score on day {day} (log scale)", "第 {day} 天真实热度（对数刻度）"),
    "fit_hover": ("{title}<br>foretold {predicted}, real {truth}", "{title}<br>预测 {predicted}，真实 {truth}"),
    "fit_hover_range": ("<br>range {low} to {high}", "<br>区间 {low} 至 {high}"),
    "fit_inside": ("inside the range", "区间内"),
    "fit_outside": ("outside the range", "区间外"),
    "fit_band": ("{level} range", "{level} 区间"),
    "fit_videos": ("videos", "视频"),
    "fit_even": ("foretold = real", "预测 = 真实"),
    # reliability
    "reliability_good": (
        "Groups do as foretold: the mean of every tenth is within {worst} of its forecast",
        "各组与预测一致：每十分之一的均值与预测相差在 {worst} 以内",
    ),
    "reliability_low": (
        "Where {method} says {predicted}, videos really reach {truth}: the largest gap, {factor}",
        "{method} 预测 {predicted} 处，视频实际达到 {truth}：差距最大，{factor}",
    ),
    "reliability_alt": (
        "Mean real score against mean forecast of {n} groups of equal size, by forecast, on a log scale: {points}.",
        "按预测分为 {n} 个等大组，各组真实均值与预测均值（对数刻度）：{points}。",
    ),
    "reliability_point": ("{predicted} foretold, {truth} real", "预测 {predicted}，真实 {truth}"),
    "reliability_hover": (
        "foretold {predicted}, real {truth} ({factor})<br>{n} videos",
        "预测 {predicted}，真实 {truth}（{factor}）<br>{n} 个视频",
    ),
    "reliability_x": ("Mean forecast of the group", "组内预测均值"),
    "reliability_y": ("Mean real score of the group", "组内真实均值"),
    # error by group
    "groups_finding": (
        "Typical error is largest in “{worst}” ({most}) and smallest in “{best}” ({least})",
        "典型误差在“{worst}”最大（{most}），在“{best}”最小（{least}）",
    ),
    "groups_finding_same": (
        "Typical error is much the same in every group, {least} to {most}",
        "各组典型误差相近，{least} 至 {most}",
    ),
    "groups_finding_one": (
        "Typical error in “{worst}” is {most}",
        "“{worst}”的典型误差为 {most}",
    ),
    "groups_alt": (
        "Bars of typical error and share of scores held by the range: {bars}.",
        "各组的典型误差与区间命中率：{bars}。",
    ),
    "groups_bar": ("{group} {factor}", "{group} {factor}"),
    "groups_bar_held": ("{group} {factor}, {held} held", "{group} {factor}，命中 {held}"),
    "groups_error": ("Typical error, as a factor", "典型误差（倍数）"),
    "groups_held": ("Held by the {level} range", "{level} 区间命中率"),
    "groups_hover": (
        "{group}: {n} videos<br>typical error {factor}<br>mean lean {bias}",
        "{group}：{n} 个视频<br>典型误差 {factor}<br>平均偏向 {bias}",
    ),
    "groups_hover_held": (
        "{group}: {held} held<br>range spans {width} on average",
        "{group}：命中 {held}<br>区间平均跨度 {width}",
    ),
    "decile_first": ("least popular tenth", "热度最低的十分之一"),
    "decile_last": ("most popular tenth", "热度最高的十分之一"),
    "decile_nth": ("tenth {n}", "第 {n} 个十分之一"),
    "tier_head": ("head", "头部"),
    "tier_waist": ("waist", "腰部"),
    "tier_tail": ("tail", "尾部"),
    "tier_nano": ("nano", "素人"),
    "tier_unknown": ("unknown followers", "粉丝数未知"),
    "seen_true": ("KOLs seen in training", "训练中出现过的达人"),
    "seen_false": ("KOLs never seen", "未出现过的达人"),
    # over time
    "time_even": (
        "No drift beyond chance: the latest videos reach {factor} of what was foretold",
        "没有超出偶然的漂移：最新视频为预测的 {factor}",
    ),
    "time_above": (
        "The latest videos do better than foretold, {factor} on average: train again soon",
        "最新视频好于预测，平均 {factor}：建议尽快重新训练",
    ),
    "time_below": (
        "The latest videos do worse than foretold, {factor} on average: train again soon",
        "最新视频低于预测，平均 {factor}：建议尽快重新训练",
    ),
    "time_alt": (
        "Real over foretold score by upload time, {first} to {last}: mean {start} at first and {end} at last; eight in "
        "ten videos lie in the band.",
        "{first} 至 {last} 按发布时间的真实/预测比：最初均值 {start}，最后 {end}；八成视频在带内。",
    ),
    "time_axis": ("Real ÷ foretold", "真实 ÷ 预测"),
    "time_hover": (
        "{first} to {last}<br>{n} videos, mean {mean}<br>eight in ten from {low} to {high}",
        "{first} 至 {last}<br>{n} 个视频，均值 {mean}<br>八成介于 {low} 与 {high}",
    ),
    "time_mean": ("mean of a group", "组均值"),
    "time_band": ("eight in ten videos", "八成视频"),
}
