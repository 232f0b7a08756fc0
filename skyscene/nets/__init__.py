"""Networks and losses: torch and nothing else of ours.

Tensor names carry their shape: batch, channels, time, height, width. Pictures are in [-1, 1].
"""
