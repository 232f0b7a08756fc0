"""Detectors: columns of a whole source in, transitions out; thresholds live here."""
