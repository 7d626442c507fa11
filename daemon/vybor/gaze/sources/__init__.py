"""Where frames come from, and the newest of them: rpicam-vid, V4L2, picamera2, or a recording."""
