"""A camera and the face before it: a stand-in for `rpicam-vid`, and the wire by which a test moves the eyes."""

from world.camera.client import ADDRESS, Camera, install

__all__ = ["ADDRESS", "Camera", "install"]
