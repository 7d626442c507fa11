"""`vybor headband report`: recordings looked at with the kit's own detectors, as pictures and a page."""
