"""Vybor: a writing kit for people who choose instead of typing."""

import os

# From release 1.29 on onnxruntime's wheels send usage events to their maker and number the device on its disk,
# unless this stands before the library is loaded (its Privacy.md; onnxruntime pull requests #27379 and #29843).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"  # huggingface_hub, which tokenizers brings, has its own
os.environ["HF_HUB_OFFLINE"] = "1"
