"""Human studies: pairs of clips side by side, votes, and a preference with an honest interval."""
