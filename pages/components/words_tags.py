"""The words of the Tags page, English and Chinese, by key."""

TAGS_WORDS: dict[str, tuple[str, str]] = {
    "tags_lead": (
        "Which hashtags go with more popularity than their videos would have without them, how crowded each is, and "
        "which go together.",
        "哪些话题的视频热度高于不带该话题时的预期、每个话题有多拥挤、哪些话题常一起出现。",
    ),
    "tags_empty": (
        "No video of this market has a hashtag. Import descriptions or hashtag lists with your videos to compare them.",
        "本市场的视频没有话题。请在导入视频时带上文案或话题列表。",
    ),
    "tags_few": (
        "No hashtag of this cohort has {least} videos with a known popularity, so no effect can be said yet. Widen the "
        "cohort, or import more counts.",
        "此范围内没有任何话题有 {least} 个热度已知的视频，暂无法估计影响。请放宽范围，或导入更多数据。",
    ),
    "reading": ("Effect", "影响"),
    "reading_adjusted": ("Adjusted", "已调整"),
    "reading_raw": ("Raw", "原始"),
    "reading_tags_help": (
        "**Adjusted**: against the same video without the hashtag. What is expected from all other facts of Table 1, "
        "the KOL's own strength and the other hashtags are taken out. **Raw**: mean popularity against the average "
        "video, which mostly tells who uses the hashtag. Both are shrunk, with 90% intervals. Neither says that the "
        "hashtag is the cause.",
        "**已调整**：与同样视频不带该话题相比，已扣除其他特征的预期、达人自身实力和其他话题。**原始**：平均热度与平均视频相比，"
        "主要反映谁在使用。两者均经收缩并附 90% 区间，都不代表因果。",
    ),
    "tags_view": ("Show", "查看"),
    "tags_view_effects": ("Effects", "影响"),
    "tags_view_together": ("What goes together", "搭配"),
    "tags_drawn": (
        "{drawn} of {every} hashtags have at least {least} videos with a known popularity. Size: number of videos; "
        "lines: 90% intervals of the clear ones. Click one to look closer.",
        "{every} 个话题中有 {drawn} 个至少有 {least} 个热度已知的视频。"
        "气泡大小为视频数，线为明显者的 90% 区间。点击可查看详情。",
    ),
    "tags_drawn_most": (
        "Drawn: the {drawn} most used of {every} hashtags. Size: number of videos; lines: 90% intervals of the clear "
        "ones. Click one to look closer.",
        "绘制了 {every} 个话题中使用最多的 {drawn} 个。气泡大小为视频数，线为明显者的 90% 区间。点击可查看详情。",
    ),
    "tags_no_totals": (
        "This market has no totals of hashtags (views, users), so crowding and reach are unknown and the number of "
        "videos stands in their place.",
        "本市场没有话题总量（观看量、使用人数），因此拥挤度与覆盖未知，以视频数代替。",
    ),
    "tags_some_totals": (
        "{n} of them have no totals of views and users and are not drawn; the table has them.",
        "其中 {n} 个没有观看量与使用人数总量，未绘制，可见于下表。",
    ),
    "tags_table": ("Every hashtag", "全部话题"),
    "tags_find": ("Find", "查找"),
    "tags_find_hint": ("Part of a hashtag", "话题的一部分"),
    "tags_order": ("Order by", "排序"),
    "order_effect": ("Effect, highest first", "影响，从高到低"),
    "order_effect_low": ("Effect, lowest first", "影响，从低到高"),
    "order_videos": ("Videos", "视频数"),
    "order_views": ("Reach", "覆盖"),
    "order_crowding": ("Least crowded", "最不拥挤"),
    "order_trend": ("Rising", "上升最快"),
    "order_closeness": ("Closeness", "紧密度"),
    "tags_found": ("{n} hashtags, {first} to {last} shown.", "{n} 个话题，显示第 {first} 至 {last} 个。"),
    "tags_found_none": (
        "No hashtag of this cohort has “{find}” in its name. Clear the search to see all.",
        "此范围内没有名称含“{find}”的话题。清空查找即可查看全部。",
    ),
    "tag_col_tag": ("Hashtag", "话题"),
    "tag_col_videos": ("Videos", "视频"),
    "tag_col_kols": ("KOLs", "达人"),
    "tag_col_effect": ("Effect", "影响"),
    "tag_col_low": ("from", "低"),
    "tag_col_high": ("to", "高"),
    "tag_col_clear": ("Clear", "明显"),
    "tag_col_views": ("Reach (views)", "覆盖（观看）"),
    "tag_col_crowding": ("Views/user", "人均观看"),
    "tag_col_trend": ("4-week trend", "四周趋势"),
    "tag_col_weeks": ("12 weeks", "近 12 周"),
    "tag_col_together": ("With both", "同时带"),
    "tag_col_share": ("Share", "占比"),
    "tag_col_lift": ("× chance", "×随机"),
    "tag_col_npmi": ("Closeness", "紧密度"),
    "tag_col_beside": ("Effect beside them", "同用影响"),
    "tag_col_alone": ("Effect overall", "总体影响"),
    "tag_help_effect": (
        "What popularity is multiplied by, with the ends of the 90% interval. Empty: fewer than {least} videos with a "
        "known popularity, or not among the {most} most used.",
        "热度的倍数及 90% 区间两端。空白：热度已知的视频不足 {least} 个，或不在使用最多的 {most} 个之列。",
    ),
    "tag_help_clear": (
        "Of all that are marked, one in twenty is expected to have the wrong sign.",
        "所有标记者中，预计每二十个有一个方向有误。",
    ),
    "tag_help_views": (
        "Latest known total views of the hashtag on the platform.",
        "平台上该话题最近一次已知的总观看量。",
    ),
    "tag_help_crowding": (
        "Total views over total users of the hashtag on the platform: the higher, the less crowded.",
        "平台上该话题总观看量除以使用人数，越高越不拥挤。",
    ),
    "tag_help_trend": (
        "Its share of the videos of the latest four weeks over that of the four weeks before.",
        "最近四周占比除以之前四周占比。",
    ),
    "tag_help_weeks": ("Share of each week's videos that have it, the latest 12 weeks.", "近 12 周每周视频中的占比。"),
    "tag_help_npmi": (
        "Normalised pointwise mutual information: 1 where neither is used without the other, 0 where chance would do.",
        "归一化点互信息：1 表示总是同时出现，0 表示与随机无异。",
    ),
    "tag_help_beside": (
        "Among videos with all picked hashtags: those that have this one too against those that do not, adjusted, with "
        "the 90% interval.",
        "在带所有已选话题的视频中，带该话题与不带相比（已调整），附 90% 区间。",
    ),
    "carry_tags": ("Use {n} in Check a video", "将 {n} 个用于检测视频"),
    "carry_tag": ("Use in Check a video", "用于检测视频"),
    "carry_hint": (
        "Tick rows to carry their hashtags to Check a video, or to look closer at one.",
        "勾选行可将话题带到“检测视频”，或查看某个话题的详情。",
    ),
    "look_closer": ("Look closer", "查看详情"),
    "net_size": ("Hashtags", "话题数"),
    "net_note": (
        "Linked: together on at least {least} videos and clearly more often than chance; the wider, the closer. "
        "Colour: clear effects. Click one to pick it below.",
        "相连：至少 {least} 个视频同时带有且明显多于随机，越粗越紧密；颜色：影响明显。点击可加入下方选择。",
    ),
    "with_head": ("Hashtags that go with these", "与所选搭配的话题"),
    "with_pick": ("Pick hashtags", "选择话题"),
    "with_empty": (
        "Pick one or more hashtags, or click one in the network.",
        "选择一个或多个话题，或点击网络中的话题。",
    ),
    "with_few": (
        "{n} videos have all of these, and no other hashtag is on {least} of them. Pick fewer.",
        "同时带有这些的视频有 {n} 个，没有其他话题出现在其中 {least} 个上。请少选一些。",
    ),
    "with_n": ("**{n}** videos have {tags}.", "**{n}** 个视频带有 {tags}。"),
    "back_to_tags": ("All hashtags", "全部话题"),
    "tag_gone": (
        "This cohort has no video with #{tag}. Drop a filter above, or go back to all hashtags.",
        "此范围内没有带 #{tag} 的视频。请去掉上方的条件，或返回全部话题。",
    ),
    "tag_effect": ("Effect, adjusted", "影响（已调整）"),
    "tag_effect_raw": ("Effect, raw", "影响（原始）"),
    "tag_unsaid": ("too few videos", "视频太少"),
    "tag_range": ("{low}–{high}", "{low}–{high}"),
    "tag_range_unclear": ("{low}–{high}, not clear", "{low}–{high}，不明显"),
    "tag_trend": ("4-week trend", "四周趋势"),
    "tag_no_weeks": (
        "No video with #{tag} and a known popularity came out in the latest {weeks} weeks.",
        "最近 {weeks} 周没有带 #{tag} 且热度已知的视频。",
    ),
    "tag_weeks_note": (
        "Dots: videos of the latest {weeks} weeks; line and band: means of the weeks, shrunk, with 90% intervals. What "
        "is expected knows the KOL's size, the video's facts and the time, neither the hashtags nor the KOL's other "
        "posts.",
        "点：最近 {weeks} 周的视频；线与带：每周均值（收缩）与 90% 区间。"
        "预期考虑达人规模、视频特征和时间，不看话题和该达人的其他视频。",
    ),
    "tag_sampled": ("Drawn: {n} of {of} videos, at random.", "随机绘制了 {of} 个视频中的 {n} 个。"),
    "tag_users": ("Who uses it", "谁在使用"),
    "tag_tiers": ("By KOL tier", "按达人层级"),
    "tag_tiers_said": (
        "{tier} KOLs post {share} of its videos; of all videos they post {usual}.",
        "{tier}达人发布了其中 {share} 的视频；在全部视频中占 {usual}。",
    ),
    "tag_col_tier": ("Tier", "层级"),
    "tag_col_usual": ("Share of all videos", "在全部视频中占比"),
    "tag_col_kol": ("KOL", "达人"),
    "tag_col_followers": ("Followers", "粉丝"),
    "tag_col_with": ("Videos with it", "带该话题"),
    "tag_col_of": ("of their videos", "其全部视频"),
    "tag_col_median": ("Median popularity", "热度中位数"),
    "tag_col_latest": ("Latest", "最近一次"),
    "form_carried": ("Put into the form from the market pages", "已将市场页面的选择填入表单"),
}
