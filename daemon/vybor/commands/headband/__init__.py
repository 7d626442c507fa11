"""`vybor headband …`: found, looked at, recorded, replayed and streamed."""
