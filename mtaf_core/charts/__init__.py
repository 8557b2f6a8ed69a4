"""Floor 1: Plotly figures as pure functions of data, in one palette, English or Chinese."""
