"""The words of the charts of videos under way, English and Chinese, by key."""

EARLY_CHART_WORDS: dict[str, tuple[str, str]] = {
    "heading_hit": ("on track to be a hit", "有望成为爆款"),
    "heading_behind": ("falling behind", "落后于预期"),
    "heading_open": ("open", "尚未明朗"),
    "outlook_finding": (
        "{hits} of {n} videos under way are on track to be hits, {behind} are falling behind",
        "{n} 个进行中的视频里，{hits} 个有望成为爆款，{behind} 个落后于预期",
    ),
    "outlook_finding_none": (
        "Of {n} videos under way none is clearly on track to be a hit or falling behind",
        "{n} 个进行中的视频里，没有明显有望成为爆款或落后的视频",
    ),
    "outlook_alt": (
        "{n} videos under way: what each is heading for on day {day} against what was expected of it before release, "
        "on log scales. {hits} are on track to be hits, {behind} are falling behind; the rest are open. Half of all "
        "are heading for {low} to {high}.",
        "{n} 个进行中的视频：第 {day} 天的走向与发布前预期对照（对数刻度）。{hits} 个有望成为爆款，"
        "{behind} 个落后于预期，其余尚未明朗。半数视频走向 {low} 至 {high}。",
    ),
    "outlook_x": ("Expected before release (day {day})", "发布前预期（第 {day} 天）"),
    "outlook_y": ("Heading for on day {day}", "第 {day} 天走向"),
    "outlook_hover": (
        "{name}<br>{days}: {now}<br>heading for {middle} ({low} to {high}, 90%)<br>expected {expected}<br>"
        "chance of a hit {hit}",
        "{name}<br>{days}：{now}<br>走向 {middle}（90% 区间 {low} 至 {high}）<br>预期 {expected}<br>爆款概率 {hit}",
    ),
    "course_finding": (
        "Heading for about {middle} on day {day}, {low} to {high} with 90%",
        "预计第 {day} 天约 {middle}，90% 区间 {low} 至 {high}",
    ),
    "course_finding_none": (
        "{now} after {days}; too few finished videos to say where it is heading",
        "{days}后为 {now}；已完成的视频太少，无法判断走向",
    ),
    "course_alt": (
        "Popularity of one video by day on a log scale: {counts}. From day {last} on, a fan with the median and bands "
        "of 50% and 90% to day {day}: {middle}, {low} to {high}. A hit begins at {threshold}; {expected} was expected.",
        "单个视频的逐日热度（对数刻度）：{counts}。自第 {last} 天起为走向扇形（中位数、50% 与 90% 区间），"
        "第 {day} 天 {middle}，{low} 至 {high}。爆款门槛 {threshold}；预期 {expected}。",
    ),
    "course_count": ("day {day}: {score}", "第 {day} 天：{score}"),
    "course_x": ("Day after release", "发布后天数"),
    "course_y": ("Popularity score", "热度值"),
    "course_came_hover": ("day {day}: {score} came", "第 {day} 天：实际 {score}"),
    "course_band_hover": (
        "day {day}<br>median {middle}<br>50%: {lower} to {upper}<br>90%: {low} to {high}",
        "第 {day} 天<br>中位数 {middle}<br>50%：{lower} 至 {upper}<br>90%：{low} 至 {high}",
    ),
    "course_hit": ("a hit from {threshold}", "爆款门槛 {threshold}"),
    "course_expected": ("expected {expected}", "预期 {expected}"),
    "course_model_hover": (
        "The model says {score} ({low} to {high}, 90%)",
        "模型预测 {score}（90% 区间 {low} 至 {high}）",
    ),
}
