"""The room `browser`: a page in a browser as the display. It is to a browser what `display` is to a screen."""
