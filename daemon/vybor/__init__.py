"""Vybor: a writing kit for people who choose instead of typing."""
