"""What the record shows: whose words, why a tile was chosen, what each part of the kit was worth. Pure."""
