"""The trainer: run by a Python that has torch, transformers and PEFT, and nothing of Vybor.

    python -P launch.py train FOLDER              one process
    torchrun … launch.py train FOLDER             several

FOLDER has `settings.json` (given.py) and `sequences.jsonl`; what it tells goes to stdout and into a file as JSON
lines (telling.py). `branches.py` says how several texts share what they have in common, `losses.py` what is
learned of them.
"""
