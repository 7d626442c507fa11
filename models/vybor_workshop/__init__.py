"""The workstation's half of Vybor: builds models and word lists; later it retrains, signs and publishes them."""
