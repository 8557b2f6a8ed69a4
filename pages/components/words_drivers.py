"""The words of the page of what drives popularity, English and Chinese, by key."""

DRIVER_WORDS: dict[str, tuple[str, str]] = {
    "drivers_lead": (
        "Two tree models were fitted to the facts known before release. These are the facts they rely on: association, "
        "not proof that changing one changes popularity.",
        "用两种树模型拟合发布前已知的信息。下面是模型所依赖的信息：这是相关性，并不证明改变它就会改变热度。",
    ),
    "no_importance": (
        "No video of this market has a known popularity yet, so there is nothing to explain. Import daily counts "
        "first.",
        "本市场尚无热度已知的视频，无从解释。请先导入每日数据。",
    ),
    "top_n": ("Features shown", "显示特征数"),
    "driver_group_features": ("Group as in Table 1", "按表 1 分组"),
    "view": ("View", "视图"),
    "view_chart": ("Chart", "图表"),
    "view_table": ("Rank table", "排名表"),
    "pick_measure": ("Pick at least one measure above.", "请至少选择一种度量。"),
    "driver_note_market": ("whole market", "全部视频"),
    "driver_note_n": ("n = {n}", "n = {n}"),
    "driver_rests_on": (
        "|SHAP| rests on {explained} sampled videos, permutation on {permuted} of the latest that the trees did not "
        "learn from; thin lines are 90% intervals. Click a bar to look closer.",
        "|SHAP| 基于 {explained} 个抽样视频，置换基于树模型未学习过的最新 {permuted} 个视频；细线为 90% 区间。"
        "点击柱条查看详情。",
    ),
    "driver_rests_on_cohort": (
        "Of the cohort: |SHAP| from {explained} sampled videos, permutation from {permuted} of the latest that the "
        "trees "
        "did not learn from; thin lines are 90% intervals. All other measures belong to the trees and are of the whole "
        "market. Click a bar to look closer.",
        "所选范围：|SHAP| 基于其中 {explained} 个抽样视频，置换基于树模型未学习过的最新 {permuted} 个视频；细线为 "
        "90% 区间。"
        "其余度量属于树模型本身，针对全部视频。点击柱条查看详情。",
    ),
    "driver_too_few_sampled": (
        "Too few sampled videos of this cohort for {kinds} ({n}; {least} are needed), so it is left out. Drop a filter "
        "above to widen the cohort.",
        "此范围内的抽样视频太少，无法给出{kinds}（{n} 个，至少需要 {least} 个），已略去。"
        "去掉上方的某个条件可扩大范围。",
    ),
    "driver_col_feature": ("Feature", "特征"),
    "driver_col_group": ("Group", "类别"),
    "driver_col_mean": ("Mean share", "平均份额"),
    "driver_col_agree": ("Disagree", "有分歧"),
    "driver_col_spread": ("Rank spread", "排名差距"),
    "driver_col_effect": ("Effect", "作用"),
    "driver_col_why": ("Why ranks differ", "排名不同的原因"),
    "driver_col_effect_help": (
        "What the models' forecast goes with from the lowest to the highest tenth of videos, or from one value to "
        "another; see the details of the feature.",
        "从最低十分之一到最高十分之一的视频（或从一个取值到另一个取值），模型预测相差的倍数；详见该特征的说明。",
    ),
    "driver_disagree_head": ("Where the measures disagree", "度量之间的分歧"),
    "driver_disagree_none": (
        "The measures picked agree: no feature's ranks are far apart.",
        "所选度量一致：没有特征的排名相差很大。",
    ),
    "driver_disagree_line": (
        "**{feature}** is {best} by {best_by} and {worst} by {worst_by}. {why}",
        "**{feature}**：按 {best_by} 排{best}，按 {worst_by} 排{worst}。{why}",
    ),
    "driver_agree_line": (
        "The measures agree on it: {best} to {worst} of {n}.",
        "各度量对它的排名一致：{n} 个特征中{best}至{worst}。",
    ),
    "driver_agree_all": ("Every measure ranks it {rank} of {n}.", "每种度量都把它排{rank}（共 {n} 个特征）。"),
    "driver_why_many_values": (
        "Its {values} different values give trees many thresholds: many splits, each for little.",
        "它有 {values} 个不同取值，阈值多：分裂频繁而每次收益小。",
    ),
    "driver_why_many_words": (
        "Its {values} values can be grouped in many ways: many splits, each for little.",
        "它的 {values} 个取值有多种组合：分裂频繁而每次收益小。",
    ),
    "driver_why_few_values": (
        "With {values} values it splits seldom, but each split concerns many videos: average gain and cover favour "
        "it, as the paper notes.",
        "只有 {values} 个取值，分裂少而每次涉及很多视频：如论文所述，平均 gain 与 cover 对它有利。",
    ),
    "driver_why_small_splits": (
        "XGBoost splits on it {splits} times, each time for little.",
        "XGBoost 在它上面分裂 {splits} 次，每次收益都小。",
    ),
    "driver_why_wide_splits": (
        "Its splits concern many videos, which cover counts, but lower the error little, which gain counts.",
        "它的分裂涉及很多视频（cover），但误差下降不多（gain）。",
    ),
    "driver_why_narrow_splits": (
        "Its splits lower the error much, which gain counts, but of few videos, which cover counts.",
        "它的分裂使误差下降很多（gain），但只涉及少数视频（cover）。",
    ),
    "driver_why_rare_splits": (
        "XGBoost splits on it only {splits} times, but then for much.",
        "XGBoost 只在它上面分裂 {splits} 次，但每次收益大。",
    ),
    "driver_why_moves_with": (
        "It moves with {other} (correlation {correlation}): trees read one from the other, so permuting it costs "
        "little, and SHAP is shared between them.",
        "它与{other}相关（{correlation}）：树模型可以互相替代，因此置换它损失不大，SHAP 由两者分摊。",
    ),
    "driver_why_within_chance": (
        "Permuted in the {n} latest videos, which the trees did not learn from, it costs no more than chance would.",
        "在树模型未学习过的最新 {n} 个视频上，置换它的损失与偶然无异。",
    ),
    "driver_why_not_carried": (
        "Permuted in the {n} latest videos, which the trees did not learn from, it costs less than its place in the "
        "trees suggests.",
        "在树模型未学习过的最新 {n} 个视频上，置换它的损失小于它在树中的地位。",
    ),
    "driver_why_libraries": (
        "XGBoost ranks it around {xgboost}, LightGBM around {lightgbm}: which of several facts a tree takes is "
        "partly chance.",
        "XGBoost 约排第 {xgboost}，LightGBM 约排第 {lightgbm}：树选用哪个信息有偶然性。",
    ),
    "driver_why_unknown": (
        "Nothing about its values says why; compare the sizes of the bars.",
        "从其取值看不出原因，请比较柱条的大小。",
    ),
    "measures_head": ("What the measures mean", "各度量的含义"),
    "measures_help": (
        "- **weight** and **split** count how often a feature is used to split. They favour numbers with many values, "
        "such as follower counts.\n"
        "- **gain** is how much the error falls at those splits: XGBoost gives the average a split, LightGBM the "
        "total. **cover** is how many videos pass through a split, on average. As the paper notes, both are friendlier "
        "to categories. **total gain** and **total cover** add up over all splits.\n"
        "- **permuted** is how much worse the forecasts of the latest videos get when a feature is another video's. "
        "The trees did not learn from these videos. It is small for features that others can stand in for.\n"
        "- **|SHAP|** is how far, on average, a feature moves a single prediction. It is the fairest to compare "
        "across kinds of feature.\n\n"
        "All are shown as shares of their total. Where measures disagree, trust a feature that ranks high in several.",
        "- **weight** 与 **split** 统计特征被用于分裂的次数，偏向取值多的数值特征（如粉丝数）。\n"
        "- **gain** 是分裂带来的误差下降：XGBoost 取每次分裂的平均，LightGBM 取总和；"
        "**cover** 是平均每次分裂经过的视频数。如论文所述，二者对类别特征更友好。"
        "**total gain** 与 **total cover** 是所有分裂的总和。\n"
        "- **置换** 是把某特征换成别的视频的值后，最新视频的预测变差多少。树模型未学习过这些视频。"
        "能被其他特征替代的特征，其值较小。\n"
        "- **|SHAP|** 是特征平均把单个预测推动多远，最适合在不同类型特征之间比较。\n\n"
        "均以占总量的份额显示。度量不一致时，更应相信在多种度量中都靠前的特征。",
    ),
    # a closer look
    "driver_detail_head": ("A closer look", "详细查看"),
    "driver_detail_pick": ("Feature", "特征"),
    "driver_detail_models": ("Whose trees", "模型"),
    "driver_detail_part": ("Which part", "哪一部分"),
    "driver_models_both": ("Both", "两者"),
    "driver_models_xgboost": ("XGBoost", "XGBoost"),
    "driver_models_lightgbm": ("LightGBM", "LightGBM"),
    "driver_effect_tenths": (
        "From the lowest tenth of **{label}** ({start} or less) to the highest ({end} or more), the models' forecast "
        "goes with about :primary[**{factor}**] ({libraries}; 90% interval {low} to {high}; {n} sampled videos at the "
        "two ends).",
        "从**{label}**最低的十分之一（不超过 {start}）到最高的十分之一（不低于 {end}），模型预测约为 "
        ":primary[**{factor}**]"
        "（{libraries}；90% 区间 {low} 至 {high}；两端共 {n} 个抽样视频）。",
    ),
    "driver_effect_values": (
        "From **{label}: {start}** to **{label}: {end}**, the models' forecast goes with about :primary[**{factor}**] "
        "({libraries}; 90% interval {low} to {high}; {n} sampled videos with either).",
        "从**{label}：{start}**到**{label}：{end}**，模型预测约为 :primary[**{factor}**]"
        "（{libraries}；90% 区间 {low} 至 {high}；两者共 {n} 个抽样视频）。",
    ),
    "driver_effect_none": (
        "**{label}** hardly varies among the sampled videos here, or too few of them know it, so there is no effect to "
        "tell.",
        "**{label}**在此处的抽样视频中几乎没有变化，或已知的太少，因此没有可说的作用。",
    ),
    "driver_drawn_points": (
        "{n} of {known} sampled videos. Marks at the foot are tenths of the videos. Drag a box over points to see the "
        "videos.",
        "{known} 个抽样视频中的 {n} 个。底部刻度为视频的十分位。框选散点可查看视频。",
    ),
    "driver_drawn_points_words": (
        "{n} of {known} sampled videos, spread sideways to be seen. Drag a box over points to see the videos.",
        "{known} 个抽样视频中的 {n} 个，为便于观看横向散开。框选散点可查看视频。",
    ),
    "driver_interaction_none": ("No other fact clearly changes it.", "没有其他信息明显改变它。"),
    "driver_interaction": (
        "Coloured by **{other}**, which changes it most ({share} of what is left).",
        "按**{other}**着色，它对其影响最大（解释剩余部分的 {share}）。",
    ),
    "driver_observed_note": (
        "{known} of {videos} videos of the cohort. Dots: what came, nothing allowed for. Diamonds: what the models "
        "credit "
        "to this fact alone, net of the others.",
        "范围内 {videos} 个视频中的 {known} 个。圆点：实际情况，未作任何调整。菱形：模型单独归于此信息的部分，"
        "已扣除其他信息。",
    ),
    "driver_observed_top": (
        " The {shown} most frequent of {levels} values are shown.",
        "显示 {levels} 个取值中最常见的 {shown} 个。",
    ),
    "driver_partial_note": (
        "{n} videos of the cohort asked at {values} values; thin lines are {lines} of them (ICE), thick ones the mean "
        "of "
        "each library (partial dependence). Shaded: beyond the middle 80% of the videos, where the models extrapolate.",
        "对范围内 {n} 个视频各取 {values} 个值；细线为其中 {lines} 个（ICE），粗线为每个库的平均（部分依赖）。"
        "阴影：视频中间 80% 之外，模型在外推。",
    ),
    "driver_partial_note_words": (
        "{n} videos of the cohort asked at {values} values; dots are the mean of each library (partial dependence), "
        "bars "
        "the middle 80% of the videos (ICE).",
        "对范围内 {n} 个视频各取 {values} 个值；圆点为每个库的平均（部分依赖），柱为视频中间 80%（ICE）。",
    ),
    "driver_partial_waking": ("Asking the models…", "正在询问模型…"),
    "driver_partial_none": (
        "{label} has fewer than two known values here, so there is nothing to vary.",
        "{label}在此处不足两个已知取值，无法改变。",
    ),
    "driver_videos_head": ("The videos behind a region", "区域内的视频"),
    "driver_videos_hint": (
        "Drag a box over the dots above to see the videos in it. Until then, the {n} sampled videos whose forecast "
        "{label} raises most. Pick a row to see its KOL.",
        "在上方散点图中框选可查看其中的视频。目前列出的是{label}对预测提升最大的 {n} 个抽样视频。"
        "选中一行可查看其达人。",
    ),
    "driver_videos_said": (
        "{n} sampled videos, {label} from {low} to {high}. In the whole cohort {all} videos are in that range.",
        "{n} 个抽样视频，{label}从 {low} 到 {high}。整个范围内共有 {all} 个视频在此区间。",
    ),
    "driver_videos_said_words": ("{n} sampled videos: {values}.", "{n} 个抽样视频：{values}。"),
    "driver_videos_most": (" The {shown} with most popularity are listed.", "列出热度最高的 {shown} 个。"),
    "driver_make_cohort": ("Make this range the cohort", "以此区间为视频范围"),
    "driver_col_kol": ("KOL", "达人"),
    "driver_col_posted": ("Posted", "发布时间"),
    "driver_col_score": ("Popularity", "热度"),
    "driver_col_expected": ("Expected", "预期"),
    "driver_col_expected_help": (
        "What to expect from the facts, by models that never saw a post of this KOL.",
        "由从未见过该达人作品的模型根据已知信息估计。",
    ),
    "driver_col_credited": ("Credited", "归于它"),
    "driver_col_credited_help": (
        "What the models multiply this video's forecast by for this fact.",
        "模型因此信息使该视频的预测变为多少倍。",
    ),
    "driver_col_video": ("Video", "视频"),
    "driver_csv_value": ("Value", "取值"),
    "driver_csv_factor": ("Factor", "倍数"),
    "driver_csv_low": ("Low", "下限"),
    "driver_csv_high": ("High", "上限"),
    "driver_csv_n": ("Videos", "视频数"),
    "driver_csv_scored": ("Popularity known", "热度已知"),
}
