"""The words of the charts of KOLs, English and Chinese, by key."""

KOL_CHART_WORDS: dict[str, tuple[str, str]] = {
    "kol_growth_up": (
        "{gain} followers gained from {first} to {last}, {weekly} a week; {now} now",
        "{first} 至 {last} 涨粉 {gain}，每周 {weekly}，现有 {now}",
    ),
    "kol_growth_down": (
        "{gain} followers lost from {first} to {last}, {weekly} a week; {now} now",
        "{first} 至 {last} 掉粉 {gain}，每周 {weekly}，现有 {now}",
    ),
    "kol_growth_steady": ("Steady at {now} followers from {first} to {last}", "{first} 至 {last} 粉丝稳定在 {now}"),
    "kol_growth_alt": (
        "Line of followers, counted {n} times from {first} to {last}: {before} at first, {now} at last. Marks at the "
        "foot are {posts} videos.",
        "{first} 至 {last} 共 {n} 次粉丝数折线：最初 {before}，最后 {now}。底部刻度为 {posts} 个视频。",
    ),
    "kol_growth_hover": ("{day}<br>{n} followers", "{day}<br>{n} 粉丝"),
    "kol_followers_axis": ("Followers", "粉丝数"),
    "kol_followers_log_axis": ("Followers (log scale)", "粉丝数（对数刻度）"),
    "kol_score_axis": ("Popularity score + 1 (log scale)", "热度值 + 1（对数刻度）"),
    "kol_posts_finding": (
        "{above} of {n} videos got more than expected of such videos from such an account; half {middle} or more",
        "{n} 个视频中有 {above} 个超过同类账号同类视频的预期；半数达到预期的 {middle} 以上",
    ),
    "kol_posts_alt": (
        "Points of {n} videos from {first} to {last} by time and popularity, each with a line to what was expected of "
        "it. {above} are above; the median is {middle} of what was expected.",
        "{first} 至 {last} 的 {n} 个视频，按时间与热度排列，每个点连向其预期热度。{above} 个高于预期，"
        "中位数为预期的 {middle}。",
    ),
    "kol_posts_expected": ("expected", "预期"),
    "kol_posts_above": ("got more", "高于预期"),
    "kol_posts_below": ("got less", "低于预期"),
    "kol_post_hover": (
        "{day}<br>{said}<br>popularity {score}, {factor} of what was expected",
        "{day}<br>{said}<br>热度 {score}，为预期的 {factor}",
    ),
    "kol_effect_hover": (
        "{name}: {factor} (90% interval {low}–{high}), {n} videos",
        "{name}：{factor}（90% 区间 {low}–{high}），{n} 个视频",
    ),
    "kol_effect_alt": (
        "Dots with 90% intervals, {title}: {dots}.",
        "带 90% 区间的点，{title}：{dots}。",
    ),
    "kol_map_finding": (
        "Of {n} KOLs, {sure} lie above ×1 with their whole 90% interval: their videos get more than accounts of that "
        "size usually do",
        "{n} 位达人中，{sure} 位的 90% 区间整体高于 ×1：其视频热度高于同等规模账号的通常水平",
    ),
    "kol_map_alt": (
        "Bubbles of {n} of {total} KOLs by followers and lift net of audience size; {sure} have intervals above 1.",
        "{total} 位达人中 {n} 位的气泡图：粉丝数与剔除粉丝规模后的提升；{sure} 位区间高于 1。",
    ),
    "kol_map_hover": (
        "<b>{name}</b><br>{followers} followers<br>lift {lift} (90% interval {low}–{high})<br>{n} videos",
        "<b>{name}</b><br>{followers} 粉丝<br>提升 {lift}（90% 区间 {low}–{high}）<br>{n} 个视频",
    ),
    "kol_lift_axis": ("Lift net of audience size", "剔除粉丝规模后的提升"),
    "kol_video_lift_axis": ("Popularity ÷ what was expected", "热度 ÷ 预期"),
    "kol_audience_hover": (
        "<b>{name}</b><br>{day}: {n} followers<br>{change}",
        "<b>{name}</b><br>{day}：{n} 粉丝<br>{change}",
    ),
    "kol_audience_finding": (
        "{name}’s audience grew most since {day}: {change}",
        "自 {day} 以来，{name} 的粉丝增长最多：{change}",
    ),
    "kol_audience_alt": (
        "Lines of the change of followers since {day}: {lines}.",
        "自 {day} 起粉丝数变化的折线：{lines}。",
    ),
    "kol_audience_axis": ("Followers since {day}", "自 {day} 起粉丝变化"),
    "kol_lift_hover": (
        "<b>{name}</b><br>{day}: popularity {score}, {factor} of what was expected",
        "<b>{name}</b><br>{day}：热度 {score}，为预期的 {factor}",
    ),
    "kol_lifts_finding": (
        "Half of {name}’s {n} videos got {factor} of what was expected or more, the most of those compared",
        "{name} 的 {n} 个视频中，半数达到预期的 {factor} 以上，为对比中最高",
    ),
    "kol_lifts_alt": (
        "Points of videos by popularity over what was expected, a row a KOL; median and middle half: {rows}.",
        "每位达人一行，按热度与预期之比排列的视频点；中位数与中间一半：{rows}。",
    ),
}
