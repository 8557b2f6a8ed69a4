"""The words of the KOLs page, English and Chinese, by key."""

KOL_WORDS: dict[str, tuple[str, str]] = {
    "nav_kols": ("KOLs", "达人"),
    "kols_lead": (
        "Who to pay: KOLs whose videos get more than an audience of that size explains, how sure that is, and what is "
        "behind it.",
        "把钱花在谁身上：哪些达人的视频热度超出其粉丝规模所能解释的水平、有多确定，以及背后的原因。",
    ),
    # the table
    "kols_search": ("Search", "搜索"),
    "kols_search_hint": ("Name, handle or id", "昵称、账号或 ID"),
    "kols_order": ("Order by", "排序"),
    "kol_order_lift_low": ("Lift, cautiously (lower end)", "提升（保守：区间下限）"),
    "kol_order_lift": ("Lift, best estimate", "提升（最佳估计）"),
    "kol_order_followers": ("Followers", "粉丝数"),
    "kol_order_growth": ("Follower growth", "涨粉速度"),
    "kol_order_er": ("Engagement rate", "互动率"),
    "kol_order_er_posts": ("Engagement of known videos", "已知视频互动率"),
    "kol_order_median": ("Typical popularity", "典型热度"),
    "kol_order_spread": ("Steadiness (least spread)", "稳定性（离散最小）"),
    "kol_order_explosive": ("Explosive share", "爆款率"),
    "kol_order_pace": ("Posting pace", "发布频率"),
    "kol_order_last_post": ("Latest post", "最近发布"),
    "kol_order_videos": ("Videos known", "已知视频数"),
    "kol_order_fee": ("Quote, lowest first", "报价（低到高）"),
    "kol_order_cpm": ("CPM, lowest first", "CPM（低到高）"),
    "kol_order_cpe": ("CPE, lowest first", "CPE（低到高）"),
    "kols_filters": ("Filters", "筛选"),
    "kols_fewest": ("At least this many videos", "至少视频数"),
    "kols_fewest_help": (
        "KOLs with fewer videos of known popularity are left out: of two videos, luck says more than the KOL does. A "
        "list shows all of its KOLs.",
        "不显示热度已知视频更少的达人：只有两个视频时，运气成分大于达人本身。名单会显示其全部达人。",
    ),
    "kols_clear_only": ("Only clearly above expectation", "仅明确高于预期者"),
    "kols_within": ("Posted within days", "最近发布（天内）"),
    "kols_pace": ("At least posts a week", "每周至少发布"),
    "kols_er": ("Engagement rate at least, %", "互动率至少（%）"),
    "kols_dearest": ("Quote at most", "报价不超过"),
    "kols_active": ("Active and healthy", "活跃且健康"),
    "kols_active_help": (
        "Posted within {days} days, {pace:g} posts a week or more, engagement rate {er} or more.",
        "{days} 天内有发布，每周至少 {pace:g} 条，互动率至少 {er}。",
    ),
    "kols_clear": ("Clear filters", "清除筛选"),
    "kols_shown": (
        "**{first}–{last}** of **{total}** KOLs · {order}",
        "共 **{total}** 位达人，显示第 **{first}–{last}** 位 · {order}",
    ),
    "kols_mapped": (
        "**{n}** of **{total}** KOLs on the map, the first in the order chosen",
        "地图显示所选排序的前 **{n}** 位达人，共 **{total}** 位",
    ),
    "kols_view_table": ("Table", "表格"),
    "kols_view_map": ("Map", "散点图"),
    "kols_map_note": (
        "Click a KOL for the profile. Lift is shrunk: with few videos a KOL stays near ×1 until more are known.",
        "点击某位达人查看档案。提升已做收缩：视频较少的达人会靠近 ×1，直到有更多数据。",
    ),
    "kols_none": (
        "No KOL of this cohort passes these filters; {n} videos or more are asked of each. Ask for fewer, or clear the "
        "filters.",
        "此范围内没有达人符合条件（每位至少 {n} 个视频）。请降低要求或清除筛选。",
    ),
    "kols_open": ("Profile", "档案"),
    "kols_compare": ("Compare", "对比"),
    "kols_compare_help": ("Tick two to {most} KOLs.", "勾选 2 至 {most} 位达人。"),
    "kols_tick": (
        "Click a name for the profile; tick rows to compare or list.",
        "点击昵称查看档案；勾选行以对比或加入名单。",
    ),
    "kols_ticked": ("{n} ticked", "已勾选 {n} 位"),
    "kols_alt": ("Table of {n} KOLs", "{n} 位达人的表格"),
    "kols_file": ("{n} of {total} KOLs, in this order", "按此排序的 {n} 位达人（共 {total} 位）"),
    "kols_back": ("All KOLs", "全部达人"),
    "kols_what": ("What the columns mean", "各列含义"),
    "kols_what_help": (
        "- **Lift net of audience size**: what a KOL’s videos get, over what models expect of such videos from an "
        "account of that size, posted then, with such hashtags. The models never saw a post of the KOL they judge. "
        "The mean is shrunk towards ×1 as far as few videos are no proof, and the **90% interval** says how sure it "
        "is. The table is ordered by the lower end, so that a lucky video or two lift nobody.\n"
        "- **Clear** marks KOLs whose lift is above or below ×1 beyond doubt; of all marked, at most one in twenty is "
        "expected to be wrong.\n"
        "- **Explosive**: share of the videos of the last {days} days (to {day}) above three times the KOL’s own "
        "median.\n"
        "- **Spread**: the middle half of the videos lies from the median ÷ this to the median × this.\n"
        "- **Engagement rate**: likes received ÷ videos ÷ followers, which needs no view counts. 4–6% is healthy. "
        "Where the profile does not say, likes of the known videos ÷ followers stands beside it.\n"
        "- **CPM** = quote ÷ median views × 1000, **CPE** = quote ÷ median engagements; where quotes were imported.\n\n"
        "All of it is association: that a KOL’s videos did well does not prove that the next one will.",
        "- **剔除粉丝规模后的提升**：达人视频的热度，与模型对同等规模账号、同一时间、同类话题视频的预期之比。"
        "模型从未见过所评判达人的任何视频。均值会向 ×1 收缩，因为少量视频不足为凭；**90% 区间**表示确定程度。"
        "默认按区间下限排序，个别走运的视频抬不高任何人。\n"
        "- **明确**：提升确定高于或低于 ×1 的达人；所有标记中预计最多二十分之一有误。\n"
        "- **爆款率**：最近 {days} 天（截至 {day}）的视频中，热度超过自身中位数三倍的比例。\n"
        "- **离散**：中间一半视频介于中位数 ÷ 此值 与 中位数 × 此值之间。\n"
        "- **互动率**：获赞 ÷ 作品数 ÷ 粉丝数，无需播放量。4–6% 为健康。档案缺失时，另列已知视频点赞 ÷ 粉丝数。\n"
        "- **CPM** = 报价 ÷ 播放中位数 × 1000，**CPE** = 报价 ÷ 互动中位数；仅在导入报价后显示。\n\n"
        "以上均为相关性：过去的视频表现好，并不证明下一条也会好。",
    ),
    # columns
    "kol_col_name": ("KOL", "达人"),
    "kol_col_platform": ("Platform", "平台"),
    "kol_col_uploader_id": ("Id", "ID"),
    "kol_col_tier": ("Tier", "层级"),
    "kol_col_category": ("Category", "类目"),
    "kol_col_followers": ("Followers", "粉丝数"),
    "kol_col_follower_trend": ("Growth", "粉丝走势"),
    "kol_col_growth": ("Growth a week", "每周涨粉"),
    "kol_col_lift": ("Lift", "提升"),
    "kol_col_lift_low": ("Lift, lower end of 90%", "提升（90% 下限）"),
    "kol_col_lift_high": ("Lift, upper end of 90%", "提升（90% 上限）"),
    "kol_col_lift_clear": ("Clear (1 above, −1 below)", "明确（1 高于，−1 低于）"),
    "kol_col_interval": ("90% interval", "90% 区间"),
    "kol_col_clear": ("Clear", "明确"),
    "kol_col_n": ("n", "n"),
    "kol_col_lift_raw": ("Raw lift", "原始提升"),
    "kol_col_videos": ("Videos", "视频数"),
    "kol_col_median": ("Typical popularity", "典型热度"),
    "kol_col_spread": ("Spread", "离散"),
    "kol_col_latest": ("Latest videos", "最近视频"),
    "kol_col_explosive": ("Explosive", "爆款率"),
    "kol_col_explosive_n": ("of n", "样本"),
    "kol_col_pace": ("Posts a week", "每周发布"),
    "kol_col_last_post": ("Last post", "最近发布"),
    "kol_col_er": ("ER", "互动率"),
    "kol_col_er_posts": ("ER, known videos", "互动率（已知视频）"),
    "kol_col_views": ("Typical views", "典型播放"),
    "kol_col_engagements": ("Typical engagements", "典型互动"),
    "kol_col_fee": ("Quote", "报价"),
    "kol_col_currency": ("Currency", "币种"),
    "kol_col_cpm": ("CPM", "CPM"),
    "kol_col_cpe": ("CPE", "CPE"),
    "kol_col_alike": ("Alike", "相似度"),
    "kol_col_shared_tags": ("Shared hashtags", "共用话题"),
    "kol_col_duration": ("Typical length", "典型时长"),
    "kol_help_name": ("Click for the profile", "点击查看档案"),
    "kol_help_follower_trend": ("Followers over the latest counts", "最近各次统计的粉丝数"),
    "kol_help_growth": ("Followers gained a week over the counts known", "已知统计期内的每周涨粉"),
    "kol_help_lift": (
        "Popularity of the videos over what is expected of such videos from an account of that size; shrunk",
        "视频热度与同等规模账号同类视频预期之比；已收缩",
    ),
    "kol_help_interval": ("The lift lies in here nine times in ten", "提升有九成可能落在此区间"),
    "kol_help_clear": (
        "Above or below ×1 beyond doubt: of all marked, at most one in twenty is expected to be wrong",
        "确定高于或低于 ×1：所有标记中预计最多二十分之一有误",
    ),
    "kol_help_n": ("Videos of known popularity", "热度已知的视频数"),
    "kol_help_lift_raw": ("The plain mean, not shrunk: do not rank by it", "未收缩的简单均值，请勿据此排名"),
    "kol_help_median": ("Median popularity score of a video", "单个视频热度值的中位数"),
    "kol_help_spread": (
        "The middle half of the videos lies from the median ÷ this to the median × this",
        "中间一半视频介于中位数 ÷ 此值与中位数 × 此值之间",
    ),
    "kol_help_latest": ("Popularity of the latest {n} videos, oldest first", "最近 {n} 个视频的热度，由旧到新"),
    "kol_help_explosive": (
        "Share of the recent videos above three times the KOL’s own median",
        "近期视频中热度超过自身中位数三倍的比例",
    ),
    "kol_help_explosive_n": ("Recent videos that the share is of", "爆款率所基于的近期视频数"),
    "kol_help_pace": ("Known videos a week over the last 90 days of the data", "数据最后 90 天内每周的已知视频数"),
    "kol_help_er": ("Likes received ÷ videos ÷ followers, of the profile", "档案中的获赞 ÷ 作品数 ÷ 粉丝数"),
    "kol_help_er_posts": ("Likes a known video ÷ followers", "每个已知视频的点赞 ÷ 粉丝数"),
    "kol_help_cpm": ("Quote ÷ median views × 1000", "报价 ÷ 播放中位数 × 1000"),
    "kol_help_cpe": (
        "Quote ÷ median engagements (likes, comments and shares) a video",
        "报价 ÷ 每个视频互动（点赞、评论、分享）中位数",
    ),
    "kol_help_alike": (
        "100% is alike in followers, tier, category, hashtags, length and level of popularity",
        "100% 表示粉丝、层级、类目、话题、时长与热度水平均相同",
    ),
    "kol_help_shared_tags": (
        "How much of this KOL’s use of hashtags the other one covers",
        "对方覆盖了该达人多少话题使用",
    ),
    "kol_clear_above": ("▲ above", "▲ 高于"),
    "kol_clear_below": ("▼ below", "▼ 低于"),
    # lists
    "list_shown": ("Show", "显示"),
    "list_all": ("All KOLs", "全部达人"),
    "list_add": ("Add to list", "加入名单"),
    "list_add_n": ("Add {n}", "加入 {n} 位"),
    "list_name": ("List", "名单"),
    "list_name_hint": ("Type a name for a new list", "输入新名单名称"),
    "list_name_needed": ("Pick a list, or type a name for a new one.", "请选择名单，或输入新名单的名称。"),
    "list_added": ("“{name}” now holds {n} KOLs", "“{name}”现有 {n} 位达人"),
    "list_manage": ("Edit list", "编辑名单"),
    "list_rename": ("Name of the list", "名单名称"),
    "list_rename_go": ("Rename", "重命名"),
    "list_delete": ("Delete", "删除"),
    "list_drop": ("Take off list", "移出名单"),
    "list_deleted": ("List “{name}” with {n} KOLs was deleted.", "名单“{name}”（{n} 位达人）已删除。"),
    "list_undo": ("Undo", "撤销"),
    "list_comma": (", ", "、"),
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
    "kol_healthy": ("4–6% is healthy", "4–6% 为健康"),
    "kol_fee": ("Quote for a video {currency}", "单条报价 {currency}"),
    "kol_fee_help": (
        "Imported with the KOL, or typed here to see what a view and an engagement would cost; it is not kept.",
        "随达人导入，或在此输入以估算单次播放与互动成本；不会保存。",
    ),
    "kol_no_fee": (
        "Type a quote to see its CPM and CPE at this KOL’s typical video.",
        "输入报价，按该达人的典型视频估算 CPM 与 CPE。",
    ),
    "kol_usual_cpm": ("20–80 CNY or 10–20 USD is usual", "通常 20–80 元或 10–20 美元"),
    "kol_usual_cpe": ("0.02–0.12 USD is usual", "通常 0.02–0.12 美元"),
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
    "signal_percentile_help": ("Where this KOL is among the tier, 0 to 100", "该达人在层级中的位置，0 至 100"),
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
