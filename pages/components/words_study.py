"""The words of the cohort and of the study behind the exploring pages, English and Chinese, by key."""

STUDY_WORDS: dict[str, tuple[str, str]] = {
    "cohort_head": ("Cohort: whole market", "视频范围：全部"),
    "cohort_head_set": ("Cohort: {n} filters", "视频范围：{n} 个条件"),
    "cohort_whole": ("All **{n}** videos of the market", "全部 **{n}** 个视频"),
    "cohort_part": ("**{n}** of {of} videos", "{of} 个视频中的 **{n}** 个"),
    "cohort_scored": (" · popularity known of **{n}**", " · 其中 **{n}** 个热度已知"),
    "cohort_period": ("Uploaded between", "上传日期"),
    "cohort_platforms": ("Platform", "平台"),
    "cohort_tiers": ("KOL tier", "达人层级"),
    "cohort_categories": ("Category", "类目"),
    "cohort_cities": ("City", "城市"),
    "cohort_tags": ("Any of these hashtags", "含以下任一话题"),
    "cohort_product": ("Product link", "商品链接"),
    "cohort_verified": ("KOL verified", "达人认证"),
    "cohort_any": ("Any", "不限"),
    "cohort_since": ("from {day}", "{day} 起"),
    "cohort_until": ("to {day}", "至 {day}"),
    "cohort_product_yes": ("with a product link", "有商品链接"),
    "cohort_product_no": ("no product link", "无商品链接"),
    "cohort_verified_yes": ("verified KOLs", "已认证达人"),
    "cohort_verified_no": ("KOLs not verified", "未认证达人"),
    "cohort_on_check": (
        "The forecast is compared with the videos of this cohort. It is made by the model of the whole market.",
        "预测结果与此范围内的视频比较；模型仍由全部视频训练。",
    ),
    "cohort_on_model": (
        "The closer look below is of the test videos in this cohort; the tables of methods are of all test videos.",
        "“细看误差”只看此范围内的测试视频；方法对比表仍基于全部测试视频。",
    ),
    "cohort_on_data": (
        "This page is about the whole workspace, whatever the cohort.",
        "本页面向整个工作区，不受视频范围影响。",
    ),
    "cohort_no_test": (
        "No test video of this evaluation is in the cohort; drop a filter above.",
        "此范围内没有本次评估的测试视频，请去掉上方的某个条件。",
    ),
    "rank_cohort": ("**{rank}** of this cohort", "此范围内**{rank} 百分位**"),
    "cohort_clear": ("Show the whole market", "显示全部视频"),
    "cohort_drop": ("Drop this filter", "去掉此条件"),
    "cohort_none": (
        "No video of this cohort has a known popularity. Drop a filter above, or look at the whole market.",
        "此范围内没有热度已知的视频。请去掉上方的某个条件，或查看全部视频。",
    ),
    "basis_latest": (
        "Few of these videos were counted on day {day}, so popularity here is the latest count of each video, and how "
        "old the video was then is allowed for wherever expectations are compared.",
        "这些视频很少有第 {day} 天的数据，因此此处的热度取每个视频最近一次的数据；"
        "在与预期比较时，已考虑当时的视频天数。",
    ),
    "score_word": ("Popularity", "热度"),
    "job_study": ("Studying the market", "正在研究市场"),
    "stage_panel": ("Facts of every video", "汇总视频信息"),
    "stage_expect": ("What to expect", "估计预期热度"),
    "study_empty": (
        "Nothing has been imported into this market yet. Start on the Data page.",
        "该市场尚未导入任何数据，请从“数据”页开始。",
    ),
    "stage_effects": ("How far hashtags and hours differ", "估计话题与时段的差异"),
    "study_note": (
        "Done once after each import; the pages open at once from then on.",
        "每次导入后只需进行一次，之后各页面即时打开。",
    ),
    "study_stopped": ("The study was stopped; this page needs it.", "研究已停止，本页面需要它。"),
    "study_again": ("Study the market", "研究市场"),
}
