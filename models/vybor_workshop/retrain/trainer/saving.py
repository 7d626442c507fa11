"""The adapter as it travels: PEFT's directory in 16 bits, with the hash of the weights that it was made for."""

import hashlib
import json
import os
from pathlib import Path

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import save

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def adapter(model: PeftModel, base_sha256: str, folder: Path) -> None:
    """Write it beside, and let it take its place when it is whole and on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    config = model.peft_config["default"].to_dict()
    plain = {name: _plain(value) for name, value in config.items()}
    plain |= {"base_model_name_or_path": "", "inference_mode": True, "base_sha256": base_sha256}
    _put(folder / WEIGHTS, _halves(model))
    _put(folder / CONFIG, json.dumps(plain, indent=1, sort_keys=True).encode() + b"\n")


def digest(model: PeftModel) -> str:
    """Changes with any number of the adapter that travels."""
    return hashlib.sha256(_halves(model)).hexdigest()


def _halves(model: PeftModel) -> bytes:
    found = {
        name: part.detach().to("cpu", torch.float16).contiguous()
        for name, part in sorted(get_peft_model_state_dict(model).items())
    }
    packed: bytes = save(found, metadata={"format": "pt"})
    return packed


def _plain(value: object) -> object:
    """What JSON can say; sets in order, so that the same adapter is the same bytes."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return getattr(value, "value", value)


def _put(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    new.replace(path)
