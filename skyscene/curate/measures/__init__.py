"""Measures: small pictures in, columns of numbers out; a row depends on its frame's neighbourhood only."""
