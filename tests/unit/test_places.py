"""The remedy for what a kit was given and lacks."""

from pathlib import Path

from vybor.foundation.places import PACKAGED, how_to_get


def test_on_an_installed_kit_a_package_brings_it_and_elsewhere_the_workshop() -> None:
    assert "vybor-factory-model" in how_to_get(PACKAGED / "model")
    assert "vybor-workshop share" in how_to_get(Path("share/model"))
