"""The network: its bundle, the adapter that it wears, and its work on ONNX Runtime."""
