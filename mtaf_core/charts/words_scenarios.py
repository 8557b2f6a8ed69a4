"""The words of the chart of scenarios, English and Chinese, by key."""

SCENARIO_CHART_WORDS: dict[str, tuple[str, str]] = {
    "scenarios_hover": (
        "<b>{name}</b><br>Forecast {score} (90% range {low}–{high})<br>{factor} of '{reference}'",
        "<b>{name}</b><br>预测 {score}（90% 区间 {low}–{high}）<br>为“{reference}”的 {factor}",
    ),
    "scenarios_one": ("'{name}' is forecast {score}", "“{name}”预测为 {score}"),
    "scenarios_more": ("'{name}' is forecast {factor} of '{reference}'", "“{name}”的预测为“{reference}”的 {factor}"),
    "scenarios_less": (
        "None is forecast above '{reference}'; '{name}', the next, is {factor} of it",
        "没有方案的预测高于“{reference}”；其次是“{name}”，为其 {factor}",
    ),
    "scenarios_same": ("'{name}' and '{reference}' are forecast the same", "“{name}”与“{reference}”的预测相同"),
    "scenarios_unclear": (
        "{finding}, but their ranges overlap so much that the difference is not clear",
        "{finding}，但两者区间重叠很大，差异并不明确",
    ),
    "scenarios_overlap": ("{finding}, though their ranges overlap", "{finding}，不过两者区间有重叠"),
    "scenarios_apart": ("{finding}, and their ranges do not overlap", "{finding}，且两者区间不重叠"),
    "scenarios_alt": (
        "Dots with 90% ranges of {n} scenarios: {rows}. {finding}.",
        "{n} 个方案的预测及其 90% 区间：{rows}。{finding}。",
    ),
    "scenarios_axis": ("Popularity score · bar: 90% range", "热度值 · 横线为 90% 区间"),
}
