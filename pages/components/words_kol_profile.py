"""The words of the profile and the comparison of KOLs, English and Chinese, by key."""

KOL_PROFILE_WORDS: dict[str, tuple[str, str]] = {
    # the profile
    "kol_gone": (
        "This market knows no KOL “{id}”; the link may be of another workspace.",
        "本市场没有达人“{id}”，链接可能来自其他工作区。",
    ),
    "kol_not_in_cohort": (
        "{name} has no video in this cohort; what is below that is of the whole account only.",
        "{name} 在此范围内没有视频；以下仅为整个账号的信息。",
    ),
    "kol_check": ("Check a clip with this KOL", "用该达人检测视频"),
    "kol_check_other": (
        "Forecasts here are for {platform}, and this KOL is on another platform.",
        "此处的预测针对 {platform}，而该达人在其他平台。",
    ),
    "kol_verified": ("verified", "已认证"),
    "kol_fact_account_type": ("type", "类型"),
    "kol_fact_mcn": ("MCN", "MCN"),
    "kol_fact_city": ("city", "城市"),
    "kol_fact_gender": ("gender", "性别"),
    "kol_fact_age": ("age", "年龄"),
    "kol_fact_gmv_30d": ("GMV in 30 days", "30 天 GMV"),
    "kol_fact_completion_rate": ("completion rate", "完播率"),
    "kol_fact_audience_credibility": ("audience credibility", "粉丝可信度"),
    "kol_headline_above": (
        "Videos get **{lift}** of what such videos get from accounts like this one (90% interval {interval}, {n} "
        "videos): **clearly above** expectation.",
        "视频热度为同类账号同类视频的 **{lift}**（90% 区间 {interval}，{n} 个视频）：**明确高于**预期。",
    ),
    "kol_headline_below": (
        "Videos get **{lift}** of what such videos get from accounts like this one (90% interval {interval}, {n} "
        "videos): **clearly below** expectation.",
        "视频热度为同类账号同类视频的 **{lift}**（90% 区间 {interval}，{n} 个视频）：**明确低于**预期。",
    ),
    "kol_headline_open": (
        "Videos get **{lift}** of what such videos get from accounts like this one (90% interval {interval}, {n} "
        "videos): **not clear** whether above or below expectation.",
        "视频热度为同类账号同类视频的 **{lift}**（90% 区间 {interval}，{n} 个视频）：**尚不明确**高于还是低于预期。",
    ),
    "kol_headline_none": (
        "The popularity of no video of {name} is known yet, so there is no lift to tell.",
        "{name} 尚无热度已知的视频，因此无法计算提升。",
    ),
    "kol_headline_tier": (
        " That is the **{rank} percentile** of {peers} other KOLs of the {tier} tier, whose median is {median}.",
        "在其他 {peers} 位{tier}达人中位于**{rank} 百分位**，其中位数为 {median}。",
    ),
    "kol_spread_short": ("middle half ÷×{factor}", "中间一半 ÷×{factor}"),
    "kol_weekly": ("{share} a week", "每周 {share}"),
    "kol_of_n": ("of {n} videos", "共 {n} 个视频"),
    "kol_place_below": ("below the usual {range}", "低于常见的 {range}"),
    "kol_place_within": ("within the usual {range}", "在常见的 {range} 之内"),
    "kol_place_above": ("above the usual {range}", "高于常见的 {range}"),
    "kol_ranges": ("What is usual", "常见范围"),
    "kol_ranges_lead": (
        "What your team takes for usual or healthy; every visitor of this workspace sees the same.",
        "您的团队认为常见或健康的范围；该工作区的所有访客看到的相同。",
    ),
    "kol_ranges_er": ("Engagement rate, % from", "互动率（%）从"),
    "kol_ranges_cpm": ("CPM, {currency} from", "CPM（{currency}）从"),
    "kol_ranges_cpe": ("CPE, {currency} from", "CPE（{currency}）从"),
    "kol_ranges_to": ("to", "到"),
    "kol_ranges_save": ("Save", "保存"),
    "kol_ranges_reset": ("Back to the defaults", "恢复默认"),
    "kol_ranges_saved": ("The usual ranges are saved.", "常见范围已保存。"),
    "kol_ranges_back": ("The usual ranges are the defaults again.", "常见范围已恢复默认。"),
    "kol_fee": ("Quote for a video {currency}", "单条报价 {currency}"),
    "kol_fee_help": (
        "Imported with the KOL, or typed here to see what a view and an engagement would cost; it is not kept.",
        "随达人导入，或在此输入以估算单次播放与互动成本；不会保存。",
    ),
    "kol_no_fee": (
        "Type a quote to see its CPM and CPE at this KOL’s typical video.",
        "输入报价，按该达人的典型视频估算 CPM 与 CPE。",
    ),
    "kol_growth": ("Audience", "粉丝增长"),
    "kol_growth_none": (
        "Followers were counted fewer than twice. Follow this KOL on the Data page to see growth.",
        "粉丝数统计不足两次。在“数据”页跟踪该达人即可看到增长。",
    ),
    "kol_growth_note": (
        "Marks at the foot are videos: green above what was expected, amber below.",
        "底部刻度为视频：绿色高于预期，琥珀色低于预期。",
    ),
    "kol_posts": ("Every video beside what was expected", "每个视频与预期"),
    "kol_posts_none": ("No video of known popularity in this cohort.", "此范围内没有热度已知的视频。"),
    "kol_posts_latest": ("The latest {n} videos.", "最近 {n} 个视频。"),
    "kol_patterns": ("What goes with this KOL’s better videos", "该达人的好视频有何特点"),
    "kol_patterns_lead": (
        "Videos with a hashtag, or of a slot, against this KOL’s other videos; shrunk, with 90% intervals, at least "
        "{n} videos on each side. Association, not proof.",
        "带某话题或某时段的视频，与该达人其他视频相比；已收缩，附 90% 区间，两侧至少各 {n} 个视频。"
        "仅为相关性，并非证明。",
    ),
    "kol_family_tag": ("Hashtags", "话题"),
    "kol_family_hours": ("Time of day", "时段"),
    "kol_family_weekday": ("Weekday", "星期"),
    "kol_family_none_tag": (
        "No hashtag is on at least {n} videos and off at least {n}.",
        "没有话题在至少 {n} 个视频上出现、且至少 {n} 个视频上不出现。",
    ),
    "kol_family_none_hours": (
        "No time of day has at least {n} videos with {n} at other times.",
        "没有时段同时满足：该时段至少 {n} 个视频，其他时段至少 {n} 个。",
    ),
    "kol_family_none_weekday": (
        "No weekday has at least {n} videos with {n} on other days.",
        "没有星期同时满足：当天至少 {n} 个视频，其他日子至少 {n} 个。",
    ),
    "kol_pattern_best": (
        "Videos with {name} got {factor} of the others (n={n})",
        "{name} 的视频热度为其他视频的 {factor}（n={n}）",
    ),
    "kol_pattern_worst": (
        "Videos with {name} got only {factor} of the others (n={n})",
        "{name} 的视频热度仅为其他视频的 {factor}（n={n}）",
    ),
    "kol_pattern_open_tag": ("No hashtag clearly goes with better or worse videos", "没有话题明确对应更好或更差的视频"),
    "kol_pattern_open_hours": ("No time of day clearly goes with better or worse", "没有时段明确更好或更差"),
    "kol_pattern_open_weekday": ("No weekday clearly goes with better or worse", "没有星期明确更好或更差"),
    "kol_pattern_axis": ("Against the other videos", "与其他视频相比"),
    "kol_patterns_shown": (
        "The best and worst {shown} of {n}; the CSV has all.",
        "显示最好与最差的 {shown} 个（共 {n} 个）；CSV 含全部。",
    ),
    **{
        f"kol_weekday_{place}": words
        for place, words in enumerate(
            (("Monday", "周一"), ("Tuesday", "周二"), ("Wednesday", "周三"), ("Thursday", "周四"), ("Friday", "周五"),
             ("Saturday", "周六"), ("Sunday", "周日"))
        )
    },
    # headings of files
    "kol_row_day": ("date", "日期"),
    "kol_row_followers": ("followers", "粉丝数"),
    "kol_row_video_id": ("video id", "视频 ID"),
    "kol_row_local_time": ("posted", "发布时间"),
    "kol_row_description": ("description", "文案"),
    "kol_row_score": ("popularity", "热度"),
    "kol_row_expected": ("expected popularity", "预期热度"),
    "kol_row_lift": ("popularity ÷ expected", "热度 ÷ 预期"),
    "kol_row_likes": ("likes", "点赞"),
    "kol_row_comments": ("comments", "评论"),
    "kol_row_shares": ("shares", "分享"),
    "kol_row_views": ("views", "播放"),
    "kol_row_name": ("name", "名称"),
    "kol_row_n": ("n", "n"),
    "kol_row_effect": ("factor", "倍数"),
    "kol_row_low": ("90% low", "90% 下限"),
    "kol_row_high": ("90% high", "90% 上限"),
    "kol_row_clear": ("clear", "明确"),
    # similar
    "kol_similar": ("Similar KOLs", "相似达人"),
    "kol_similar_none": ("There is no other KOL with videos to compare with.", "没有其他有视频的达人可比较。"),
    "kol_similar_compare": ("Compare with those ticked", "与勾选者对比"),
    "kol_similar_compare_first": ("Compare with the first two", "与前两位对比"),
    "kol_similar_note": (
        "By followers, tier, category, hashtags, length of videos and level of popularity; of the whole market.",
        "依据粉丝数、层级、类目、话题、视频时长与热度水平；范围为整个市场。",
    ),
    # signals
    "kol_signals": ("Authenticity: signals, not proof", "真实性：仅为信号，并非证明"),
    "kol_signals_rare": (
        ":orange-badge[:material/flag: {n} of {of}] numbers are rare in this tier: **{names}**. "
        "Look into them before you pay.",
        ":orange-badge[:material/flag: {n} / {of}] 项数值在该层级中少见：**{names}**。付费前请核实。",
    ),
    "kol_signals_none": (
        ":green-badge[:material/check: 0 of {of}] numbers that are known are rare in this tier.",
        ":green-badge[:material/check: 0 / {of}] 项已知数值在该层级中少见。",
    ),
    "kol_signals_unknown": ("The data holds none of these numbers.", "数据中没有这些数值。"),
    "kol_signals_note": (
        "Rare is beyond 97.5 of 100 accounts of the tier, on a side that matters. Every number has honest reasons too, "
        "and of 100 honest accounts a few are rare in something. All are of the whole account, whatever the cohort.",
        "“少见”指在该层级中超过 97.5% 的账号（仅计有意义的一侧）。每个数值都可能有正当原因，"
        "100 个正常账号中总有几个在某项上少见。均为整个账号的数据，不受视频范围影响。",
    ),
    "signal_name": ("Signal", "信号"),
    "signal_verdict": ("Reading", "判断"),
    "signal_value": ("This KOL", "该达人"),
    "signal_median": ("Tier median", "层级中位数"),
    "signal_percentile": ("Percentile", "百分位"),
    "signal_evidence": ("Evidence", "依据"),
    "signal_rare": ("Rare: look into it", "少见，请核实"),
    "signal_usual": ("As usual", "正常"),
    "signal_unknown": ("Unknown", "未知"),
    "signal_alone": ("Too few to compare", "可比账号太少"),
    "kol_signal_jump": ("Largest follower leap a day", "单日最大涨粉"),
    "kol_signal_er": ("Likes against followers (ER)", "获赞与粉丝之比（互动率）"),
    "kol_signal_likes_per_comment": ("Likes a comment", "每条评论对应点赞"),
    "kol_signal_commentless": ("Liked videos without a comment", "有赞无评的视频"),
    "kol_signal_identical": ("Videos with identical counts", "数据完全相同的视频"),
    "kol_signal_following": ("Following against followers", "关注与粉丝之比"),
    "signal_beside": ("; {rank} percentile of {n} {tier} KOLs", "；在 {n} 位{tier}达人中位于{rank} 百分位"),
    "signal_beside_all": ("; {rank} percentile of {n} KOLs of all tiers", "；在所有层级 {n} 位达人中位于{rank} 百分位"),
    "signal_jump": (
        "{before} to {after} followers from {since} to {until}, with {posts} videos then and three days before",
        "{since} 至 {until} 粉丝由 {before} 变为 {after}，期间及前三天有 {posts} 个视频",
    ),
    "signal_of_er": ("likes received ÷ videos ÷ followers of the profile", "档案获赞 ÷ 作品数 ÷ 粉丝数"),
    "signal_of_er_posts": ("likes a known video ÷ followers, {n} videos", "每个已知视频点赞 ÷ 粉丝数，{n} 个视频"),
    "signal_of_likes_per_comment": ("all likes ÷ all comments of {n} videos", "{n} 个视频的总点赞 ÷ 总评论"),
    "signal_of_commentless": ("of {n} videos with {likes} likes or more", "{n} 个点赞不少于 {likes} 的视频"),
    "signal_of_identical": (
        "same likes, comments and shares as another video; of {n} with {likes} likes or more",
        "点赞、评论、分享与另一视频完全相同；共 {n} 个点赞不少于 {likes} 的视频",
    ),
    "signal_of_following": ("accounts followed ÷ followers of the profile", "档案关注数 ÷ 粉丝数"),
    "signal_needs_jump": ("needs followers counted {n} times or more", "需要至少 {n} 次粉丝统计"),
    "signal_needs_er": ("needs followers, and likes received or {n} videos", "需要粉丝数，以及获赞数或 {n} 个视频"),
    "signal_needs_likes_per_comment": ("needs likes and comments of {n} videos", "需要 {n} 个视频的点赞与评论"),
    "signal_needs_commentless": ("needs {n} videos with {likes} likes or more", "需要 {n} 个点赞不少于 {likes} 的视频"),
    "signal_needs_identical": ("needs {n} videos with {likes} likes or more", "需要 {n} 个点赞不少于 {likes} 的视频"),
    "signal_needs_following": ("needs the number of accounts followed", "需要关注数"),
    # comparison
    "compare_head": ("Side by side", "并排对比"),
    "compare_drop": ("Leave out", "移除"),
    "compare_add": ("Add a KOL", "添加达人"),
    "compare_few": (
        "Pick two to {most} KOLs: add one above, or tick rows in the table of all KOLs.",
        "请选择 2 至 {most} 位达人：在上方添加，或在达人表格中勾选。",
    ),
    "compare_by": ("Who is better by", "比较依据"),
    "compare_by_lift": ("Lift net of audience", "剔除粉丝规模后的提升"),
    "compare_by_level": ("Popularity itself", "热度本身"),
    "compare_by_explosive": ("Explosive share", "爆款率"),
    "compare_in_lift": ("net of audience size", "剔除粉丝规模后"),
    "compare_in_level": ("in popularity itself", "就热度本身而言"),
    "compare_in_explosive": ("in explosive videos", "就爆款率而言"),
    "compare_unknown": (
        "Fewer than two of them have this measure in this cohort.",
        "此范围内具备该指标的达人不足两位。",
    ),
    "compare_points": (" points", " 个百分点"),
    "compare_verdict_clear": (
        "**{better}** is better than **{other}** {by} with a probability of **{probability}**: {value} (90% interval "
        "{low} to {high}).",
        "{by}，**{better}** 优于 **{other}** 的概率为 **{probability}**：{value}（90% 区间 {low} 至 {high}）。",
    ),
    "compare_verdict_open": (
        "No order is clear {by}. The surest pair: **{better}** before **{other}** with a probability of "
        "**{probability}**, {value} (90% interval {low} to {high}).",
        "{by}，尚无明确的高下。最有把握的一对：**{better}** 优于 **{other}** 的概率为 **{probability}**，"
        "{value}（90% 区间 {low} 至 {high}）。",
    ),
    "compare_lift_best": ("{name} has the highest lift, {lift}", "{name} 的提升最高，为 {lift}"),
    "compare_table": ("Measures", "各项指标"),
    "compare_measure": ("Measure", "指标"),
    "compare_videos": ("Videos against expectation", "视频与预期"),
    "compare_growth": ("Audiences", "粉丝增长"),
    "pair_better": ("Better", "更优"),
    "pair_other": ("than", "相比"),
    "pair_apart": ("by", "差距"),
    "pair_probability": ("Probability", "概率"),
    "pair_probability_help": ("That the first is really better, given the data", "在现有数据下前者确实更优的概率"),
    "pair_open": ("open", "未定"),
}  # fmt: skip
