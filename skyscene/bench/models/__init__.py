"""The models that can be trained; a recipe in `models/` names each by its import path."""
