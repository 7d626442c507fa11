"""The record explained: whose words they are, why they were offered, and what each part of the kit is worth."""
