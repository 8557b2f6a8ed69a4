"""The words of the charts of upload times, English and Chinese, by key."""

WHEN_CHART_WORDS: dict[str, tuple[str, str]] = {
    "weekday_0": ("Monday", "周一"),
    "weekday_1": ("Tuesday", "周二"),
    "weekday_2": ("Wednesday", "周三"),
    "weekday_3": ("Thursday", "周四"),
    "weekday_4": ("Friday", "周五"),
    "weekday_5": ("Saturday", "周六"),
    "weekday_6": ("Sunday", "周日"),
    "weekday_short_0": ("Mon", "周一"),
    "weekday_short_1": ("Tue", "周二"),
    "weekday_short_2": ("Wed", "周三"),
    "weekday_short_3": ("Thu", "周四"),
    "weekday_short_4": ("Fri", "周五"),
    "weekday_short_5": ("Sat", "周六"),
    "weekday_short_6": ("Sun", "周日"),
    "slot": ("{day} {hour}:00", "{day} {hour}:00"),
    "week_best": (
        "{slot} goes with the most: {factor} ({low}–{high}) of the average video",
        "{slot} 最高：为平均视频的 {factor}（{low}–{high}）",
    ),
    "week_next": ("{finding}; then {others}", "{finding}；其次是{others}"),
    "week_other": ("{slot} {factor} ({low}–{high})", "{slot} {factor}（{low}–{high}）"),
    "week_none": ("No slot of the week is clearly better than the others", "一周中没有明显更好的时段"),
    "week_empty": ("No video has a known popularity here", "此处没有热度已知的视频"),
    "week_alt": (
        "Heat map of 7 weekdays by 24 hours, popularity against the average video as a factor, {n} videos. {finding}. "
        "{thin} slots have fewer than {few} videos and are hatched.",
        "7 天 × 24 小时热力图，数值为相对平均视频的倍数，共 {n} 个视频。{finding}。"
        "{thin} 个时段不足 {few} 个视频，以斜线标示。",
    ),
    "week_hover": (
        "<b>{slot}</b><br>{factor} (90% interval {low} to {high})<br>{n} videos{kols}",
        "<b>{slot}</b><br>{factor}（90% 区间 {low} 至 {high}）<br>{n} 个视频{kols}",
    ),
    "week_hover_kols": (" of {n} KOLs", "，{n} 位达人"),
    "week_hover_clear": ("<br>clear", "<br>明显"),
    "week_hover_thin": ("<br>few videos: leans on its weekday and hour", "<br>视频较少：主要参考同日与同时段"),
    "week_hover_thin_raw": ("<br>few videos: drawn towards the average", "<br>视频较少：向平均值收缩"),
    "hour_axis": ("Hour of upload", "发布时刻"),
    "week_scale": ("÷ average", "÷ 平均"),
    "margin_axis": ("÷ average video", "÷ 平均视频"),
    "hours_best": ("{hour}:00 is the best hour: {factor} ({low}–{high})", "{hour}:00 最好：{factor}（{low}–{high}）"),
    "hours_worst": (
        "No hour is clearly better; {hour}:00 is clearly worse: {factor} ({low}–{high})",
        "没有明显更好的时刻；{hour}:00 明显较差：{factor}（{low}–{high}）",
    ),
    "hours_none": ("No hour is clearly better or worse", "没有明显更好或更差的时刻"),
    "days_best": ("{day} is the best day: {factor} ({low}–{high})", "{day}最好：{factor}（{low}–{high}）"),
    "days_worst": (
        "No day is clearly better; {day} is clearly worse: {factor} ({low}–{high})",
        "没有明显更好的日子；{day}明显较差：{factor}（{low}–{high}）",
    ),
    "days_none": ("No day is clearly better or worse", "没有明显更好或更差的日子"),
    "margin_alt": (
        "Popularity against the average video with 90% intervals: {values}.",
        "相对平均视频的倍数及 90% 区间：{values}。",
    ),
    "margin_value": ("{label} {factor}", "{label} {factor}"),
}
