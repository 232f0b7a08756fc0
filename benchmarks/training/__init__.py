"""How long a training step takes beside a plain one, and how fast clips can be read."""
