"""The words of the chart that ranks many releases, English and Chinese, by key."""

RANKING_CHART_WORDS: dict[str, tuple[str, str]] = {
    "ranking_hover": ("{rank}. {name}<br>{score} ({low}–{high})", "{rank}. {name}<br>{score}（{low}–{high}）"),
    "ranking_median": ("median {score}", "中位数 {score}"),
    "ranking_one": ("{name} is the only one that was scored", "仅有 {name} 得到评分"),
    "ranking_clear": (
        "{name} comes first, and no other range reaches its own",
        "{name} 排名第一，且其他区间均未触及它的区间",
    ),
    "ranking_first": (
        "The first {n} cannot be told apart: their ranges overlap",
        "前 {n} 名无法区分：它们的区间相互重叠",
    ),
    "ranking_none": (
        "None of the {n} can be told apart: all ranges overlap, so take the order as a hint",
        "全部 {n} 个均无法区分：所有区间重叠，排名仅供参考",
    ),
    "ranking_shown": (
        "The {n} shown cannot be told apart: their ranges overlap",
        "图中 {n} 个无法区分：它们的区间相互重叠",
    ),
    "ranking_alt": (
        "{n} forecasts below each other, the highest first, each a dot with its range. {finding}.",
        "{n} 个预测自高到低排列，每个点带有区间。{finding}。",
    ),
}
