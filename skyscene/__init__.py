"""SkyScene: sky time-lapses to clean, split, verified clip sets."""

__version__ = "0.1.0"
