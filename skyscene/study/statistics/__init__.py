"""What votes say and how surely: pure functions of arrays, no files and no clocks."""
