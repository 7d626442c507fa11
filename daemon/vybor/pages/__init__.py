"""What every page of the kit in a browser is served by: its certificate, its guard, its server."""
