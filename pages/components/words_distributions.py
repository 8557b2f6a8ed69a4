"""The words of the Distributions page, English and Chinese, by key."""

DISTRIBUTION_WORDS: dict[str, tuple[str, str]] = {
    "distributions_lead": (
        "How the facts of this market are spread, on a log scale with the normal curve that fits best. Counts around "
        "people are rarely spread evenly: a few are huge.",
        "本市场各特征的分布（对数刻度）及最佳拟合的正态曲线。与人有关的计数很少均匀分布：少数极大。",
    ),
    "scale": ("Scale", "刻度"),
    "scale_log": ("Log", "对数"),
    "scale_linear": ("Linear", "线性"),
    "show": ("Show", "显示"),
    "show_all": ("All numbers (the paper's Figure 2)", "全部数值特征（论文图 2）"),
    "show_category": ("{label} (category)", "{label}（类别）"),
    "split_by": ("Split by", "分组"),
    "split_none": ("Nothing", "不分组"),
    "before_head": ("Known before release", "发布前已知"),
    "after_head": ("Known only after release, on day {day}", "仅发布后可知（第 {day} 天）"),
    "after_head_latest": ("Known only after release, as of the latest count", "仅发布后可知（最近一次数据）"),
    "after_lead": (
        "Never used for a forecast before release: they are what is being predicted.",
        "发布前的预测从不使用这些数据：它们正是被预测的对象。",
    ),
    "once_a_kol": (
        "Counted once a KOL, as known at the KOL's latest video here.",
        "每位达人计一次，取其最近一个视频发布时的数值。",
    ),
    "enlarge": ("Look closer", "放大查看"),
    "back_to_all": ("All numbers", "全部数值特征"),
    "stat_mean": ("Geometric mean", "几何均值"),
    "stat_mean_linear": ("Mean", "均值"),
    "stat_sd": ("Spread (sd)", "离散度（标准差）"),
    "stat_sd_log": ("×/÷ {factor}", "×/÷ {factor}"),
    "stat_ks": ("KS distance", "KS 距离"),
    "stat_median": ("Median", "中位数"),
    "stat_zeros": ("Zeros", "零值"),
    "stat_missing": ("Unknown", "未知"),
    "beyond": (
        "{n} values past the 99th percentile are not drawn.",
        "未绘制超过第 99 百分位的 {n} 个值。",
    ),
    "ks_help": (
        "The largest gap between the data and the fitted normal, from 0 (the same) to 1.",
        "数据与拟合正态之间的最大差距，0 表示完全一致，最大为 1。",
    ),
    "not_drawn": (
        "Nothing but zeros, or nothing at all, is known of: {names}. The Data page says which columns bring them in.",
        "以下特征仅有零值或没有数据：{names}。“数据”页说明了如何导入。",
    ),
    "no_values": ("Not known of any of these {unit}.", "这些{unit}均无此数据。"),
    "no_values_help": (
        "The Data page says which columns bring it in.",
        "“数据”页说明了如何导入此数据。",
    ),
    "range_head": ("Narrow the cohort to a range", "按范围缩小视频范围"),
    "range_help": (
        "Drag across the bars, or type a range. Both ends are included.",
        "在柱形上横向拖选，或直接输入范围（含两端）。",
    ),
    "range_low": ("From", "从"),
    "range_high": ("To", "至"),
    "range_count": ("{n} videos", "{n} 个视频"),
    "range_none": ("No video is in this range.", "此范围内没有视频。"),
    "range_wrong": (
        "The range ends before it begins; make the second number the larger.",
        "范围的终点小于起点，请调整。",
    ),
    "make_cohort": ("Make this the cohort", "设为视频范围"),
    "parts_few": (
        "Groups with fewer than {few} known values are left out, and all past the {most} largest.",
        "已略去不足 {few} 个已知值的组，以及第 {most} 大之后的组。",
    ),
    "adjust": ("Compare", "比较方式"),
    "adjust_raw": ("As they are", "原始"),
    "adjust_net": ("Net of the KOL", "扣除达人实力"),
    "adjust_help": (
        "“As they are” compares mean popularity (geometric). “Net of the KOL” takes each KOL's own strength out, so "
        "that a group is not ahead only because strong KOLs are in it. Either way small groups are drawn towards the "
        "middle, intervals are 90%, and a filled dot is a difference that is hardly chance: of those, at most one in "
        "twenty points the wrong way. What goes together need not be cause.",
        "“原始”比较平均热度（几何平均）。“扣除达人实力”去除每位达人自身的实力，避免某组仅因强势达人而领先。"
        "两种方式下，小组均向中间收缩，区间为 90%；实心点表示差异不太可能出于偶然：其中方向有误的至多二十分之一。"
        "相关并不等于因果。",
    ),
    "adjust_one": (
        "All videos of the cohort have one value here, so there is nothing to compare.",
        "范围内的视频在此只有一个取值，无从比较。",
    ),
    "groups_more": (
        "The {n} largest groups are drawn; the table has all {of}.",
        "图中为最大的 {n} 组；表格含全部 {of} 组。",
    ),
    "pick_group": ("Narrow the cohort to", "将视频范围缩小至"),
    "col_value": ("Value", "取值"),
    "col_videos": ("Videos", "视频数"),
    "col_kols": ("KOLs", "达人数"),
    "col_typical": ("Typical popularity", "典型热度"),
    "col_factor": ("÷ typical video", "÷ 典型视频"),
    "col_low": ("90% low", "90% 下限"),
    "col_high": ("90% high", "90% 上限"),
    "col_raw": ("Raw", "原始倍数"),
    "col_clear": ("Clear", "差异明显"),
    "col_from": ("From", "从"),
    "col_to": ("To", "至"),
    "col_count": ("Count", "数量"),
    "col_fitted": ("Fitted normal", "拟合正态"),
    "col_share_below": ("Share below", "低于此值的比例"),
    "col_observed": ("Observed", "实际"),
    "as_table": ("As a table", "查看表格"),
}
