"""What the workstation sends: whoever takes one has all of it, from the right hands, for the right kit."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from vybor.bundles import bundle, form, manifest, refusals
from vybor.bundles.manifest import Kind, Manifest
from vybor.foundation.errors import PlaceError

WORKSTATION, STRANGER = SigningKey(b"w" * 32), SigningKey(b"s" * 32)
KIT, BASE = "5" * 32, "b" * 64
FILES = {"adapter_config.json": b'{"r": 4}', "adapter_model.safetensors": os.urandom(3000) + bytes(90_000)}
TOLD = Manifest(kind=Kind.ADAPTER, kit=KIT, serial=7, base=BASE, growth=3, figures={"ksr": 1.5})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("bundles") / "made.bundle"
    bundle.write(path, TOLD, FILES, WORKSTATION)
    assert [left.name for left in path.parent.iterdir()] == ["made.bundle"]
    return path.read_bytes()


def opened(content: bytes | Path, **how: str | int) -> bundle.Opened:
    return bundle.opened(content, WORKSTATION.verify_key, KIT, **how)  # type: ignore[arg-type]


def signed(told: Manifest, packed: bytes) -> bytes:
    return form.head(told, WORKSTATION) + packed


def test_what_was_written_comes_out_in_memory_and_in_a_folder(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / manifest.file_name(TOLD, len(whole))
    path.write_bytes(whole)
    found = opened(path, base=BASE, newer_than=6)
    assert (found.manifest.growth, found.manifest.figures) == (3, {"ksr": 1.5})
    assert path.name == f"55555555-000007-{len(whole)}.bundle"
    assert found.content() == FILES == opened(whole).content()
    found.unpack(tmp_path / "grown" / "7")
    assert {each.name: each.read_bytes() for each in (tmp_path / "grown" / "7").iterdir()} == FILES
    assert [each.name for each in (tmp_path / "grown").iterdir()] == ["7"]


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"kit": "6" * 32}, refusals.ForAnotherKit, "another kit"),
        ({"base": "c" * 64}, refusals.ForAnotherBase, "retrain on the kit's model"),
        ({"serial": 6}, refusals.Older, "was given number 6 before"),
        ({"schema": 2}, refusals.AnotherVersion, "form 2"),
        ({"files": ()}, refusals.Damaged, "lacks adapter_config.json"),
    ],
)
def test_each_reason_to_refuse_has_its_sentence(
    whole: bytes, changes: dict[str, object], error: type[Exception], says: str
) -> None:
    told = msgspec.structs.replace(opened(whole).manifest, **changes)
    with pytest.raises(error, match=says):
        opened(signed(told, whole[opened(whole).begins :]), base=BASE, newer_than=6)


def test_a_stranger_s_is_refused_and_so_is_another_form(whole: bytes) -> None:
    with pytest.raises(refusals.NotSigned, match="paired with"):
        bundle.opened(whole, STRANGER.verify_key, KIT)
    with pytest.raises(refusals.AnotherVersion):
        opened(whole.replace(b"bundle 1", b"bundle 2", 1))
    with pytest.raises(refusals.Damaged, match="no bundle"):
        opened(b"PK\x03\x04 and so on, something else")
    told = bytes(msgspec.json.decode(whole.splitlines()[1], type=dict[str, msgspec.Raw])["manifest"])
    brain = told.replace(b'"adapter"', b'"brain"')
    line = msgspec.json.encode(
        {
            "manifest": msgspec.Raw(brain),
            "signature": WORKSTATION.sign(b"vybor bundle 1\n" + brain).signature.hex(),
        }
    )
    with pytest.raises(refusals.AnotherVersion, match="'brain'"):
        opened(b"vybor bundle 1\n" + line + b"\n")


def test_a_manifest_that_leads_out_of_its_folder_or_grows_without_end_is_refused(whole: bytes) -> None:
    found = opened(whole)
    packed = whole[found.begins :]
    first, second = found.manifest.files
    for name in ("../adapter_config.json", "/etc/passwd", ".hidden", "a\nb"):
        told = msgspec.structs.replace(
            found.manifest, files=(msgspec.structs.replace(first, name=name), second, first)
        )
        with pytest.raises(refusals.Damaged):
            opened(signed(told, packed))
    large = msgspec.structs.replace(found.manifest, files=(first, msgspec.structs.replace(second, size=2**31)))
    with pytest.raises(refusals.Damaged, match="at most"):
        opened(signed(large, packed))
    with pytest.raises(refusals.Damaged, match="twice"):
        opened(signed(msgspec.structs.replace(found.manifest, files=(first, second, second)), packed))


@pytest.mark.parametrize(
    "repack",
    [
        lambda parts: zstandard.compress(b"".join(parts) + b"more"),
        lambda parts: zstandard.compress(b"".join(parts)[:-1]),
        lambda parts: zstandard.compress(b"".join(reversed(parts))),
        lambda _: b"no zstd at all",
    ],
)
def test_what_is_inside_is_held_against_the_manifest_even_if_it_was_signed(
    whole: bytes, repack: Callable[[list[bytes]], bytes]
) -> None:
    packed = repack([FILES[name] for name in sorted(FILES)])
    told = msgspec.structs.replace(
        opened(whole).manifest,
        packed_bytes=len(packed),
        packed_sha256=hashlib.sha256(packed).hexdigest(),
    )
    with pytest.raises(refusals.Damaged):
        opened(signed(told, packed))


@given(st.data())
def test_one_changed_byte_a_cut_or_more_is_noticed(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(refusals.Refused):
        opened(bytes(changed))
    with pytest.raises(refusals.CutOff, match="cut off"):
        opened(whole[:at])
    with pytest.raises(refusals.Damaged):
        opened(whole + data.draw(st.binary(min_size=1, max_size=9)))


@given(st.binary(max_size=300), st.sampled_from([b"", b"vybor bundle 1\n", b'vybor bundle 1\n{"manifest": ']))
def test_whatever_else_comes_is_refused_in_a_sentence(content: bytes, before: bytes) -> None:
    with pytest.raises(refusals.Refused):
        opened(before + content)
    with pytest.raises(refusals.Refused):
        manifest.read(content)


def test_files_that_are_not_those_of_the_kind_are_not_packed(tmp_path: Path) -> None:
    with pytest.raises(refusals.Damaged, match="lacks adapter_model"):
        bundle.write(tmp_path / "a.bundle", TOLD, {"adapter_config.json": b"{}"}, WORKSTATION)
    with pytest.raises(refusals.Damaged, match=r"has training\.json"):
        bundle.write(tmp_path / "a.bundle", TOLD, {**FILES, "training.json": b"{}"}, WORKSTATION)
    with pytest.raises(PlaceError, match="cannot be read"):
        bundle.write(tmp_path / "a.bundle", TOLD, {**FILES, "adapter_config.json": tmp_path / "no"}, WORKSTATION)
    assert not list(tmp_path.iterdir())


def test_a_link_or_a_changed_file_is_not_unpacked(whole: bytes, tmp_path: Path) -> None:
    path, link = tmp_path / "a.bundle", tmp_path / "b.bundle"
    path.write_bytes(whole)
    link.symlink_to(path)
    with pytest.raises(PlaceError):
        opened(link)
    found = opened(path)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(refusals.Damaged):
        found.unpack(tmp_path / "grown")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.bundle", "b.bundle"]


def test_a_model_is_not_held_against_the_base_of_the_one_before(tmp_path: Path) -> None:
    names = ("manifest.json", "model.onnx", "model.onnx.data", "tokenizer.json")
    told = msgspec.structs.replace(TOLD, kind=Kind.MODEL, base="c" * 64)
    bundle.write(tmp_path / "m.bundle", told, {name: name.encode() for name in names}, WORKSTATION)
    assert opened(tmp_path / "m.bundle", base=BASE).manifest.kind is Kind.MODEL


KILLED = """
import os, signal, sys
from pathlib import Path
from nacl.signing import SigningKey
from vybor.bundles import bundle
from vybor.bundles.manifest import Kind, Manifest
place, after = Path(sys.argv[1]), int(sys.argv[2])
told = Manifest(kind=Kind.ADAPTER, kit="5" * 32, serial=8, base="b" * 64)
files = {"adapter_config.json": b"{}", "adapter_model.safetensors": bytes(3_000_000)}
count = 0
def watch(frame, event, argument):
    global count
    count += "vybor" in frame.f_code.co_filename
    if count == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return watch
sys.settrace(watch)
bundle.write(place / "8.bundle", told, files, SigningKey(b"w" * 32))
bundle.opened(place / "8.bundle", SigningKey(b"w" * 32).verify_key, "5" * 32).unpack(place / "grown" / "8")
"""


def test_killed_at_any_line_there_is_a_whole_one_or_none(tmp_path: Path) -> None:
    lived = False
    for after in (*range(20, 560, 45), 10_000):
        done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(after)], check=False)
        lived = done.returncode == 0
        if (tmp_path / "8.bundle").exists():
            opened(tmp_path / "8.bundle")
        if (tmp_path / "grown" / "8").exists():
            assert len(list((tmp_path / "grown" / "8").iterdir())) == 2
            assert (tmp_path / "grown" / "8" / "adapter_model.safetensors").stat().st_size == 3_000_000
    assert lived, "the last one is not killed, and finds nothing of the others in its way"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["8.bundle", "grown"]
    assert [each.name for each in (tmp_path / "grown").iterdir()] == ["8"]
