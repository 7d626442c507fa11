"""The room `eyetracker`: looks that another program or device measures, by file or network; it has no camera."""
