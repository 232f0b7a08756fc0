"""Filters: judge a window by the columns of its scene."""
