"""One file a format. `skyscene.dataset.export` picks one by name and sees to everything they share."""
