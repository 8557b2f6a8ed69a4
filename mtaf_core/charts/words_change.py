"""The words of the charts of what would change a forecast, English and Chinese, by key."""

CHANGE_CHART_WORDS: dict[str, tuple[str, str]] = {
    "sweep_hover": (
        "<b>{value}</b><br>Forecast {score} (90% range {low}–{high})",
        "<b>{value}</b><br>预测 {score}（90% 区间 {low}–{high}）",
    ),
    "sweep_best": (
        "{field}: the forecast is highest with {best}, {factor} of that with {worst}",
        "{field}：取 {best} 时预测最高，是取 {worst} 时的 {factor}",
    ),
    "sweep_flat": ("{field} hardly changes this forecast", "{field}几乎不影响本次预测"),
    "sweep_alt": (
        "The forecast along {n} values of {field}, with its range as a band. {finding}.",
        "{field}取 {n} 个值时的预测及其区间。{finding}。",
    ),
    "slots_hover": (
        "<b>{slot}</b><br>{factor} of now<br>Forecast {score} (90% range {low}–{high})",
        "<b>{slot}</b><br>为当前的 {factor}<br>预测 {score}（90% 区间 {low}–{high}）",
    ),
    "slots_best": (
        "{slot} would be {factor} of {now} for this clip and KOL",
        "对此视频和达人，{slot}是{now}的 {factor}",
    ),
    "slots_axis": ("Hour of upload · colour: forecast ÷ that of now", "发布时段 · 颜色：预测 ÷ 当前预测"),
    "slots_flat": ("No slot of the week would do better than {now}", "一周内没有比{now}更好的时段"),
    "slots_alt": (
        "Heat map of the forecast by weekday and hour beside that of now. {finding}.",
        "各星期与时段相对当前的预测热图。{finding}。",
    ),
    "grid_axis": ("{field} · colour: forecast ÷ that of now", "{field} · 颜色：预测 ÷ 当前预测"),
    "grid_best": (
        "{row} with {column} would be {factor} of now, the most of {rows} and {columns} together",
        "{row}与{column}的组合为当前的 {factor}，是{rows}与{columns}各组合中最高的",
    ),
    "grid_flat": (
        "No pair of {rows} and {columns} would do better than now",
        "{rows}与{columns}的任何组合都不优于当前",
    ),
    "grid_alt": (
        "Heat map of the forecast by {rows} and {columns} beside that of now. {finding}.",
        "各{rows}与{columns}组合相对当前的预测热图。{finding}。",
    ),
    "edits_first": ("First", "首次"),
    "edits_now": ("Now", "当前"),
    "edits_finding": (
        "Of the changes, {edit} moved the forecast most ({factor})",
        "各项修改中，{edit}影响最大（{factor}）",
    ),
    "edits_axis": ("Multiplies the first forecast by", "首次预测乘以"),
    "edits_alt": (
        "A waterfall from the first forecast to the present one: {bars}.",
        "从首次预测到当前预测的瀑布图：{bars}。",
    ),
}
