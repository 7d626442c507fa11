"""The workstation's half of Vybor: builds models and word lists, retrains, signs and publishes them."""
