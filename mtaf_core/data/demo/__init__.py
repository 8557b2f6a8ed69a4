"""The demo market: simulated uploaders and videos with known true effects, and really rendered clips."""
