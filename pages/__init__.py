"""Floor 5: one module a page, and what pages share in `components`. No logic of the product lives here."""
