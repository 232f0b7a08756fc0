"""One table and one page of one or more contests on the same clips."""
