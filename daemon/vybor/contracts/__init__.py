"""The language of the house: every message (`messages`), its channel (`channels`) and its bytes (`wire`)."""
