"""How far looks fall beside what is meant, by what was chosen and what came to nothing. Pure."""
