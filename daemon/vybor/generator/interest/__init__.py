"""What a person writes about, from what they took and looked at for long; and whether that helps them."""
