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
}  # fmt: skip
