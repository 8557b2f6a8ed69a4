"""Items of tiktok-scraper, ``{"collector": [...]}``; Apify's scrapers took over its names, so `apify` reads them."""

from mtaf_core.data.importers import apify
from mtaf_core.data.importers.shapes import Shape

SHAPES = (Shape("tiktok-scraper", apify.is_post, apify.post_rows, "tiktok", lambda item: not apify.is_apify(item)),)
