"""The attached display's client: shows the screen and says what it has shown."""
