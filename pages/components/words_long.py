"""The words of clips that are read behind the page, and of those that are kept: English and Chinese, by key."""

LONG_WORDS: dict[str, tuple[str, str]] = {
    # reading a clip
    "analysing": ("Looking at your clip", "正在分析视频"),
    "stage_wake": ("Loading the models", "加载模型"),
    "analysing_ahead": ("{n} clips are read before this one", "前面还有 {n} 个视频"),
    "analysing_next": ("This one is next", "下一个就是本视频"),
    "analysing_late": ("longer than usual", "比平时久"),
    "analysing_note": (
        "You can go on meanwhile, or close this page: the work goes on, and this address finds it again.",
        "期间可继续其他操作，也可关闭页面：分析会继续，用此网址可重新找到。",
    ),
    "analysing_stopping": ("Stopping …", "正在停止……"),
    "analysing_stopped": ("Stopped. Nothing was kept of what was begun.", "已停止，未保留未完成的内容。"),
    "analysing_again": ("Start again", "重新开始"),
    # clips that are kept
    "recent_head": ("Recent", "最近上传"),
    "recent_kept": (
        "Kept for {days} days after the last use, at most {size} in all; then they are deleted with all that was read "
        "from them.",
        "自最后一次使用起保留 {days} 天，总计不超过 {size}；之后连同读取结果一并删除。",
    ),
    "recent_score": ("{score} on day {day}", "第 {day} 天 {score}"),
    "recent_no_score": ("not forecast yet", "尚未预测"),
    "recent_now": ("just now", "刚刚"),
    "recent_minutes": ("{n} min ago", "{n} 分钟前"),
    "recent_hours": ("{n} h ago", "{n} 小时前"),
    "recent_days": ("{n} d ago", "{n} 天前"),
    "recent_open": ("Open this clip", "打开此视频"),
    "recent_delete": ("Delete", "删除"),
    "recent_delete_all": ("Delete all", "全部删除"),
    "recent_sure": ("Delete for good?", "确定删除？"),
    "recent_sure_all": ("Delete all {n} clips for good?", "确定删除全部 {n} 个视频？"),
    "recent_keep": ("Keep", "保留"),
    "recent_deleted": ("'{name}' is deleted, with all that was read from it.", "“{name}”及其读取结果已删除。"),
    "recent_deleted_all": (
        "{n} clips are deleted, with all that was read from them.",
        "{n} 个视频及其读取结果已删除。",
    ),
    "recent_more": ("Show all {n}", "显示全部 {n} 个"),
}
