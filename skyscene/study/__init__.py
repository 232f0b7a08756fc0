"""Studies with people: pairs shown to raters, their votes, and what the votes say."""
