"""How fast SkyScene is beside what people use now: `python -m benchmarks.speed --help`."""
