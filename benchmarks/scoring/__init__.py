"""How fast SkyScene scores, and in how much memory."""
