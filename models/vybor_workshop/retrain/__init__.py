"""From examples to an adapter: `vybor-workshop retrain`.

`cutting.py` makes tokens of the examples, as the kit would, and says what each of them teaches; `general.py` has
the text that must not be forgotten; `refusing.py` says when nothing is begun. The trainer itself (`trainer/`) runs
in torch's own environment (`torch.py`); `running.py` follows what it tells, `trying.py` puts on what it made as
the kit does. `retraining.py` is all of it in order; `clinic.py` is one such run for each of many persons.
"""
