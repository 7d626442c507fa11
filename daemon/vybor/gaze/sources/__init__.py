"""Where frames come from: rpicam-vid, V4L2, picamera2, or a recording."""
