"""Samples of a headband that another program has, by Lab Streaming Layer."""
