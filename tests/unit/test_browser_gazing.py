"""What of the folder of WebGazer.js is given out, and what a page may do with it."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from vybor.browser import gazing
from vybor.browser.site import Site
from vybor.commands.browser import FETCH
from vybor.foundation import settings_reading
from vybor.foundation.errors import SettingsError
from vybor.pages.guard import Guard

BASE = "http://localhost:8442"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As npm lays it down."""
    mediapipe = tmp_path / "webgazer/dist/mediapipe/face_mesh"
    mediapipe.mkdir(parents=True)
    for name in ("face_mesh.js", "face_mesh.binarypb", "face_mesh_solution_wasm_bin.wasm"):
        (mediapipe / name).write_bytes(name.encode())
    (tmp_path / "webgazer/dist/webgazer.js").write_text("var webgazer")
    (tmp_path / "webgazer/package.json").write_text("{}")
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "webgazer"


def client(folder: Path | None, language: str = "en") -> TestClient:
    return TestClient(Guard(Site(language, folder), "kitchen"), base_url=BASE)


def test_what_belongs_to_it_is_given_out_each_as_what_it_is(folder: Path) -> None:
    kit = client(folder)
    kinds = {
        "/webgazer/webgazer.js": "text/javascript; charset=utf-8",
        "/webgazer/mediapipe/face_mesh/face_mesh.js": "text/javascript; charset=utf-8",
        "/webgazer/mediapipe/face_mesh/face_mesh.binarypb": "application/octet-stream",
        "/webgazer/mediapipe/face_mesh/face_mesh_solution_wasm_bin.wasm": "application/wasm",
    }
    for path, kind in kinds.items():
        told = kit.get(path)
        assert (told.status_code, told.headers["content-type"]) == (200, kind), path


@pytest.mark.parametrize(
    "path",
    [
        "/webgazer/../secret",
        "/webgazer/mediapipe/face_mesh/../../../../secret",
        "/webgazer/%2e%2e/secret",
        "/webgazer/package.json",
        "/webgazer/",
        "/webgazer/mediapipe/face_mesh/",
        "/static/page.html",
        "/page.html",
    ],
)
def test_nothing_else_is(folder: Path, path: str) -> None:
    assert client(folder).get(path).status_code == 404


def test_without_it_the_page_has_no_camera_and_with_it_the_display_still_runs_no_text(folder: Path) -> None:
    without, with_it = client(None), client(folder)
    assert without.get("/eyes").status_code == 404
    assert 'data-follows=""' in without.get("/").text
    assert "camera=()" in without.get("/").headers["permissions-policy"]
    assert 'data-follows="yes"' in with_it.get("/").text
    display, eyes = with_it.get("/").headers, with_it.get("/eyes").headers
    assert "camera=(self)" in display["permissions-policy"]
    assert "unsafe" not in display["content-security-policy"]
    assert display["x-frame-options"] == "DENY"
    assert "frame-ancestors 'self'" in eyes["content-security-policy"]
    assert eyes["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_whole_in_every_language(language: str, folder: Path) -> None:
    told = client(folder, language).get("/").text
    assert "$" not in told
    assert f'<html lang="{language}">' in told
    assert ("Spoken: {said}" in told) == (language == "en")


def test_what_is_missing_is_named_with_the_remedy(folder: Path) -> None:
    assert gazing.problem(folder) == ""
    (folder / "dist/mediapipe/face_mesh/face_mesh.js").unlink()
    told = gazing.problem(folder)
    assert "face_mesh.js" in told
    assert "vybor browser --webgazer" in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "browser.listen is off"),
        ('[browser]\nlisten = "here"\n', "browser.webgazer names no folder"),
        ('[browser]\nlisten = "here"\nwebgazer = "node_modules"\n', "browser.webgazer names no folder"),
        ('[browser]\nlisten = "here"\nwebgazer = "/opt/w"\n', ""),
    ],
)
def test_looks_of_a_page_need_the_page_and_the_folder(text: str, sentence: str) -> None:
    wanted = '[gaze]\nsource = "eyetracker"\n[eyetracker]\nkind = "webgazer"\n' + text
    if not sentence:
        settings_reading.parse(wanted, "vybor.toml")
        return
    with pytest.raises(SettingsError, match=sentence):
        settings_reading.parse(wanted, "vybor.toml")


def test_what_it_says_to_do_holds_once_it_is_done() -> None:
    told = [line.split()[4:] for line in FETCH.splitlines() if line.startswith("    sudo vybor config set")]
    assert ["browser.listen", "network"] in told, "an installed kit has no browser of its own"
    tables = [f"[{key.split('.')[0]}]" for key, _ in told]
    done = dict.fromkeys(tables, "")
    for (key, value), table in zip(told, tables, strict=True):
        done[table] += f'{key.split(".")[1]} = "{value}"\n'
    settings_reading.parse("".join(f"{table}\n{lines}" for table, lines in done.items()), "vybor.toml")
