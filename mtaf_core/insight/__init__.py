"""Floor 4: what a prediction means: forecast, reasons, what would change it."""
