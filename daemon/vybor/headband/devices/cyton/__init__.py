"""OpenBCI's Cyton, with or without its Daisy, over the dongle's own serial port: no native library in between."""
