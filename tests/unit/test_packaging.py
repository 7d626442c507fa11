"""How the Debian packages are named, what they say of licences, and which of their links lead somewhere."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parents[2] / "deploy/packaging"


def module(name: str) -> ModuleType:
    sys.path.insert(0, str(PACKAGING))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(PACKAGING))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, whose version is asked for."""
    monkeypatch.setattr(module("sources"), "ROOT", tmp_path)
    (tmp_path / "daemon").mkdir()
    commit(tmp_path, "init", "-q")
    return tmp_path


def commit(tree: Path, *arguments: str, at: str = "2026-01-01T00:00:00Z") -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@localhost")
    environment = {**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at, "HOME": str(tree)}
    subprocess.run(["git", *who, *arguments], cwd=tree, env=environment, check=True)


def changed(tree: Path, name: str, text: str, at: str) -> str:
    (tree / name).write_text(text, encoding="utf-8")
    commit(tree, "add", name)
    commit(tree, "commit", "-q", "-m", text, at=at)
    return str(module("sources").version_of("0.1.0"))


def test_a_version_rises_with_every_change_of_what_is_packaged(tree: Path) -> None:
    first = changed(tree, "daemon/a.py", "1", "2026-01-01T12:00:00+05:00")
    assert first.startswith("0.1.0+git20260101070000.")
    assert changed(tree, "notes.txt", "elsewhere", "2026-01-02T12:00:00Z") == first
    second = changed(tree, "daemon/a.py", "2", "2026-01-01T12:00:01+05:00")
    (tree / "daemon/a.py").write_text("3", encoding="utf-8")
    third = module("sources").version_of("0.1.0")
    assert third.startswith(f"{second}.dirty")
    for older, newer in (("0.1.0", first), (first, second), (second, third), (third, "0.1.1")):
        subprocess.run(["dpkg", "--compare-versions", newer, "gt", older], check=True)
        assert module("sources").VERSION.fullmatch(newer)


def test_without_git_it_is_the_project_s_own(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "daemon/a.py").write_text("1", encoding="utf-8")
    monkeypatch.setenv("PATH", "/nowhere")
    assert module("sources").version_of("0.1.0") == "0.1.0"
    assert module("sources").names() == ["daemon/a.py"]


@pytest.mark.parametrize("version", ["foo bar", "", "-1", "1 2", "v1", "1_2", "1-2"])
def test_what_is_no_version_is_refused_in_a_sentence(version: str, tmp_path: Path) -> None:
    command = [sys.executable, str(PACKAGING / "build.py"), "--share", str(tmp_path), "--cache", str(tmp_path)]
    done = subprocess.run([*command, f"--package-version={version}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (64, "")
    assert len(done.stderr.splitlines()) == 1
    assert repr(version) in done.stderr


def test_what_was_built_is_on_the_disk_before_it_is_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a cut of the power leaves libraries without a letter in them, and every later package has them."""
    there: list[bool] = []
    monkeypatch.setattr(os, "sync", lambda: there.append((tmp_path / "whole").exists()))
    (tmp_path / "fresh").mkdir()
    module("build").put_in_place(tmp_path / "fresh", tmp_path / "whole")
    assert (there, (tmp_path / "whole").is_dir()) == ([False], True)


def test_what_is_removed_from_the_cache_is_not_there_by_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off in the middle, half of the libraries would stand under a name that says all."""
    for number in range(module("build").KEPT + 1):
        folder = tmp_path / f"device-{number}"
        (folder / "library").mkdir(parents=True)
        os.utime(folder, (number, number))
    removed: list[str] = []
    rmdir = os.rmdir

    def watched(path: "os.PathLike[str] | str", **among: int) -> None:
        removed.extend(name for name in ["device-0"] if (tmp_path / name).exists())
        rmdir(path, **among)

    monkeypatch.setattr(os, "rmdir", watched)
    module("build").forget_old(tmp_path.glob("device-*"))
    assert removed == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"device-{number}" for number in range(1, 5)]


# --- licences -------------------------------------------------------------------------------------------------


def wheel(site: Path, name: str, metadata: str, **texts: str) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n{metadata}", encoding="utf-8")
    for text, words in texts.items():
        (info / text).write_text(words, encoding="utf-8")


def test_every_library_is_named_with_its_licence_and_its_text(tmp_path: Path) -> None:
    site, documents = tmp_path / "site", tmp_path / "doc"
    documents.mkdir()
    wheel(site, "one", "License-Expression: MIT\n", LICENSE="the words of one")
    wheel(site, "two", "Classifier: License :: OSI Approved :: Apache Software License\n")
    wheel(site, "three", "License: LGPL v2.1\n")
    (site / "pygame_ce.libs").mkdir()
    (site / "pygame_ce.libs/libmpg123-8b3c3c9e.so.0.49.4").touch()
    module("licences").write(site, documents)
    told = (documents / "copyright").read_text(encoding="utf-8")
    assert "one 1.0\n  Licence: MIT\n  Texts: licences/one/\n" in told
    assert (documents / "licences/one/LICENSE").read_text(encoding="utf-8") == "the words of one"
    assert "two 1.0\n  Licence: Apache Software License\n  Text: /usr/share/common-licenses/Apache-2.0\n" in told
    assert "three 1.0\n  Licence: LGPL v2.1\n  Text: /usr/share/common-licenses/LGPL-2.1\n" in told
    assert "libmpg123-8b3c3c9e.so.0.49.4: LGPL-2.1-or-later\n" in told


@pytest.mark.parametrize("metadata", ["", "License: MIT\n"])
def test_a_library_without_licence_or_text_stops_the_build(metadata: str, tmp_path: Path) -> None:
    wheel(tmp_path / "site", "one", metadata)
    with pytest.raises(module("licences").Unlicensed, match=r"one 1\.0"):
        module("licences").write(tmp_path / "site", tmp_path)


def test_a_native_library_that_nobody_looked_up_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "pygame_ce.libs").mkdir()
    (tmp_path / "pygame_ce.libs/libnew-8b3c3c9e.so.1").touch()
    with pytest.raises(module("licences").Unlicensed, match="libnew"):
        module("licences").write(tmp_path, tmp_path)


# --- documents ------------------------------------------------------------------------------------------------


def test_a_link_to_what_is_not_shipped_becomes_words(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    text = "[a](there.md) [b](there.md#part) [c](#part) [d](https://example.org/x) [`e`](../gone.py) [f](gone/)"
    told = module("build").without_dead_links(text, tmp_path)
    assert told == "[a](there.md) [b](there.md#part) [c](#part) [d](https://example.org/x) `e` f"


def test_a_licence_that_stands_in_a_description_is_told_where_it_can_be_read(tmp_path: Path) -> None:
    info = tmp_path / "site/pymorphy3_dicts_ru-2.4.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: pymorphy3-dicts-ru\nVersion: 2.4\nLicense: MIT license\n")
    (tmp_path / "documents").mkdir()
    module("licences").write(tmp_path / "site", tmp_path / "documents")
    told = (tmp_path / "documents/copyright").read_text(encoding="utf-8")
    assert "Licence: MIT; the dictionary itself, OpenCorpora's, CC BY-SA 3.0" in told
    assert "Text: licences/pymorphy3/, and http://creativecommons.org/licenses/by-sa/3.0/legalcode" in told
