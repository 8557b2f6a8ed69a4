"""Floor 4: what a market's videos teach: effects of KOLs, hashtags and time slots, and how sure they are."""
