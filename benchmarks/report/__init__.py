"""How the report bears many clips, in a real browser."""
