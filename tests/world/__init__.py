"""The scripted world: stand-ins for hardware, and the person who acts on them."""
