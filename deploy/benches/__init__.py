"""Benches: each module is one, run by `deploy/bench NAME`."""
