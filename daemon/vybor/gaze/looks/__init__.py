"""Dots that are looked at, and the looks that are kept of them."""
