"""What the display says, in English and in the other languages of the kit."""
