"""`vybor-workshop log …`: lines, figures, pictures and files of what kits wrote."""

import io
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import matplotlib.image
import msgspec
import pytest

from unit.log_kit import KEYS, KIT, Writer, segments
from vybor.contracts import messages as m
from vybor.foundation.errors import PlaceError
from vybor.segments import rows as record
from vybor.segments.rows import Kind, Row
from vybor_workshop import cli
from vybor_workshop.kits import home
from vybor_workshop.log import export, plots, schema
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
from vybor_workshop.log.stats import Day, Slot, Stats

ROOT = Path(__file__).parents[2]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Two days in the user's own data set: three sentences of which one is taken back, and an undo."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    writer = Writer()
    writer.say("I want tea")
    writer.take("toast")
    writer.undo()
    writer.decide(m.Action.REST, "")
    writer.day = "2026-03-02"
    writer.say("Thank you")
    writer.decide(m.Action.PAGE, "", seconds=600.0)
    writer.say("No")
    writer.decide(m.Action.UNDO, "No", seconds=50.0)
    told = {"session": "first", "number": 4, "text": "I want tea.", "language": "en", "stretches": [["I", "list"]]}
    writer.row(Kind.UTTERANCE, told | {"stretches": [{"text": "I want tea.", "origin": "list"}]})
    data = DataSet(str(tmp_path / "home/vybor-workshop/data"), tmp_path)
    assert not ingest(segments(writer.rows), KEYS, data, lambda _: None).quarantined
    return writer.rows


def run(capsys: pytest.CaptureFixture[str], command: str) -> tuple[int, str, str]:
    code = cli.main(shlex.split(command))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.usefixtures("written")
def test_a_day_is_shown_choice_by_choice(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "log show --day 2026-03-01")
    assert code == 0
    assert out.splitlines() == [
        f"{KIT} 2026-03-01",
        "10:00:00  take     0  gaze_pad      95%  + I",
        "10:00:00  take     0  gaze_pad      95%  + want",
        "10:00:00  take     0  gaze_pad      95%  + tea",
        "10:00:00  speak    3  gaze_pad      95%  said: I want tea.",
        "10:00:00  take     0  gaze_pad      95%  + toast  (undone)",
        "10:00:00  undo     0  gaze_pad      95%  = (nothing)",
        "10:00:00  rest     0  gaze_pad      95%",
    ]
    _, newest, _ = run(capsys, f"log show --kit {KIT[:4]}")
    assert newest.startswith(f"{KIT} 2026-03-02\n")
    assert "said: No., taken back" in newest


@pytest.mark.usefixtures("written")
def test_figures_are_of_sentences_that_were_spoken(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "log stats --json")
    first, second, whole = json.loads(out)["days"]
    assert (first["sentences"], first["words"], first["selections"], first["undos"]) == (1, 3, 6, 1)
    assert first["minutes"] == pytest.approx(5 * 2 / 60)  # the first choice of all has none before it
    assert first["words_a_minute"] == pytest.approx(3 / (10 / 60))
    assert (first["takes"], first["undone_soon"]) == (4, 1)
    assert (second["sentences"], second["words"], second["selections"]) == (1, 2, 7)
    assert second["minutes"] == pytest.approx(
        (4 + 2 + 2 + 2 + 2 + 50) / 60
    )  # ten minutes are a pause; rest writes nothing
    assert second["selections_a_word"] == pytest.approx(3.5)
    assert (whole["day"], whole["words"]) == ("all", 5)
    slots = json.loads(out)["slots"]
    assert [(slot["slot"], slot["taken"]) for slot in slots] == [(0, 7), (1, 0)]
    assert slots[0]["shown"] == 14
    _, text, _ = run(capsys, "log stats")
    assert re.search(r"^2026-03-01 +1 +3 +0\.2 +18\.0 +2\.00 +16\.7% +25\.0%$", text, re.MULTILINE)
    _, one, _ = run(capsys, "log stats --day 2026-03-02")
    assert "2026-03-01" not in one


class Outside(HTMLParser):
    """Whatever a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        sources = [value or "" for name, value in attrs if name in ("src", "href")]
        self.images += tag == "img"
        self.fetched += [source for source in sources if not source.startswith("data:")]
        assert tag != "script"


def test_pictures_and_a_page_without_anything_beside(
    written: list[Row], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, f"log plot --out {tmp_path / 'pictures'}")
    assert code == 0
    paths = [Path(line) for line in out.splitlines()]
    assert {path.name for path in paths} == {*(f"{name}.png" for name in plots.PICTURES), plots.PAGE}
    page = (tmp_path / "pictures" / plots.PAGE).read_text()
    outside = Outside()
    outside.feed(page)
    assert (outside.fetched, outside.images) == ([], len(plots.PICTURES))
    assert "18.0" in page
    assert not any(word in page for word in ("toast", "Thank"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    assert written


@pytest.mark.usefixtures("written")
def test_the_page_calls_the_kit_by_its_name_and_is_in_russian_as_a_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "home/vybor-workshop/kits" / KIT
    folder.mkdir(parents=True)
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # the first of RFC 8032's tests
    folder.joinpath("kit.toml").write_text(
        f'name = "Аня"\nhost = "h"\nport = 1\nuser = "u"\nkit = "{KIT}"\npaired_at = ""\nverifies_with = "{key}"\n'
    )
    assert run(capsys, f"log plot --out {tmp_path / 'en'} --language en")[0] == 0
    assert f"Kit Аня ({KIT}); 2026-03-01 to 2026-03-02" in (tmp_path / "en" / plots.PAGE).read_text()
    assert run(capsys, f"log plot --out {tmp_path / 'ru'} --language ru --day 2026-03-01")[0] == 0
    page = (tmp_path / "ru" / plots.PAGE).read_text()
    assert f"Прибор Аня ({KIT}); 2026-03-01<" in page
    assert '<html lang="ru">' in page
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).replace(KIT, "").replace("Vybor", "")
    assert re.findall("[A-Za-z]{2,}", shown) == []
    assert re.findall(r'(?:alt|aria-label)="[^"]*[A-Za-z]', page) == []


def test_a_picture_shows_every_line_of_figures() -> None:
    """The pixels of both lines of what was taken back are there, wherever their values lie."""

    def day(name: str, undos: int, soon: int) -> Day:
        return Day(name, 10, 2, 1.0, 100, undos, 50, soon)

    stats = Stats((day("2026-03-01", 1, 20), day("2026-03-02", 2, 25)), (Slot(0, 10, 3),))
    for name, colours in {"undo": (plots.LINE, plots.PALE), "acceptance-by-slot": (plots.FILL,)}.items():
        png = plots.drawn(plots.PICTURES[name], stats)
        pixels = matplotlib.image.imread(io.BytesIO(png))
        for colour in colours:
            wanted = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
            assert (abs(pixels[..., :3] - wanted).max(axis=-1) < 0.01).sum() > 50


def test_days_without_words_leave_no_figure_and_no_error() -> None:
    empty = Stats((Day("2026-03-01", 0, 0, 0.0, 0, 0, 0, 0),), ())
    assert all(plots.drawn(draw, empty).startswith(b"\x89PNG") for draw in plots.PICTURES.values())


def test_json_lines_are_what_the_kit_told(
    written: list[Row], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "rows.jsonl"
    out.touch(mode=0o644)
    assert run(capsys, f"log export --format jsonl --out {out}")[0] == 0
    found = sorted(record.read(out.read_bytes()), key=lambda row: row.sequence)
    assert len(found) == len(written)
    for one, other in zip(found, written, strict=True):
        as_told = schema.RECORDS[one.kind]
        assert msgspec.json.decode(one.record, type=as_told) == msgspec.json.decode(other.record, type=as_told)
        assert (one.boot, one.sequence, one.at, one.kind) == (other.boot, other.sequence, other.at, other.kind)
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("written")
def test_what_was_spoken_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "log export --format txt")
    assert out == f"2026-03-01 {KIT}\nI want tea.\n\n2026-03-02 {KIT}\nThank you.\n"


@pytest.mark.usefixtures("written")
def test_parquet_has_what_became_of_each_choice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for _ in range(2):
        code, out, _ = run(capsys, f"log export --format parquet --day 2026-03-01 --out {tmp_path / 'leaves'}")
        assert code == 0
    decisions = out.splitlines()[0]
    found = duckdb.sql(f"SELECT undone_soon, in_spoken FROM '{decisions}' ORDER BY sequence").fetchall()
    assert found == [(False, True)] * 4 + [(True, False)] + [(False, False)] * 2
    leaves = list((tmp_path / "leaves").iterdir())
    assert sorted(path.name for path in leaves) == ["decisions.parquet", "deletions.parquet", "utterances.parquet"]
    assert {path.stat().st_mode & 0o777 for path in leaves} == {0o600}


@pytest.mark.usefixtures("written")
def test_the_sql_of_the_views_runs_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "log views")
    with duckdb.connect() as other:
        other.execute(out)
        assert other.sql("SELECT count(*) FROM decisions").fetchall() == [(14,)]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("log show --kit 9", 69, f"has no rows of a kit 9; it has: {KIT}"),
        ("log show --day 1999-01-01", 69, "has no rows of that day"),
        ("log stats --data nowhere://x", 69, "is no place that rows can be kept in"),
        ("log stats --data reference://x", 69, "is no place that rows can be kept in"),
        ("log stats --data dir://x", 69, "is no place that rows can be kept in"),
        ("log stats --data ftp://127.0.0.1:1/x", 69, "for all to read); name a folder, or a store"),
        ("log stats --data simplecache::ftp://x", 69, "for all to read); name a folder, or a store"),
        ("log stats --data hf://x", 69, "nothing could be deleted there); name a folder, or a store"),
        ("log stats --data gcs://x/y", 69, 'in a checkout `"$(deploy/prepare)"/bin/pip install gcsfs` brings it'),
        ("log stats --data smb://x/y", 69, 'cannot be opened: SMB requires "smbprotocol"'),
        ("log stats --data sftp://127.0.0.1:1/x", 69, "cannot be reached (Unable to connect to port 1"),
        ("log stats --data zip://a::/none.zip", 69, "cannot be reached"),
        ("log stats --data data:abc", 73, "cannot be read or written"),
        ("log plot --day 1999-01-01 --out x", 69, "no rows to draw"),
        ("log plot --out /dev/null/x", 73, "pictures cannot be written to /dev/null/x"),
        ("log export --format txt --out /dev/null/x", 73, "cannot be written"),
        ("log export --format parquet --out /dev/null/x", 73, "cannot be written"),
        ("log export --format parquet", 64, "name one with --out"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], command: str, code: int, told: str
) -> None:
    found, _, err = run(capsys, command)
    assert (found, err.count("\n")) == (code, 1)
    assert told in err


@pytest.mark.parametrize(
    "command", ["show", "stats", "plot --out pictures", *(f"export --format {each}" for each in ("txt", "jsonl"))]
)
@pytest.mark.usefixtures("written")
def test_damage_in_the_middle_of_a_file_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / "home/vybor-workshop/data").rglob("decision.parquet"):
        content = bytearray(path.read_bytes())
        content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
        path.write_bytes(content)
    code, _, err = run(capsys, f"log {command}")
    assert (code, err.count("\n")) == (73, 1), err


@pytest.mark.usefixtures("written")
def test_output_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "vybor_workshop", "log", "show"],
            env=environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (told.returncode, told.stderr.splitlines()) == (
        73,
        ["vybor-workshop: standard output cannot be written (No space left on device); make room there"],
    )


@pytest.mark.parametrize("command", ["log show --day 2026-3-1", "log export", "log plot", "log"])
def test_what_is_no_command_is_said_by_the_grammar(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(capsys, command)


def test_the_documents_show_commands_that_run(
    written: list[Row], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each `vybor-workshop log …` of the pages, in a folder of its own."""
    assert written
    monkeypatch.chdir(tmp_path)
    pages = [ROOT / "README.md", *(ROOT / "deploy/docs").glob("*.md")]
    shown = {
        found.strip()
        for page in pages
        for found in re.findall(r"^    vybor-workshop (log [^#\n]+)", page.read_text(), re.MULTILINE)
    }
    assert {line.split()[1] for line in shown} == {"show", "stats", "plot", "export", "views"}
    for line in shown:
        command = line.partition(">")[0].replace("s3://BUCKET/PATH", str(tmp_path / "home/vybor-workshop/data"))
        assert run(capsys, command)[0] == 0, line


def test_an_older_export_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "said.txt"
    out.write_text("older")
    with pytest.raises(PlaceError, match="cannot be written"), export.sink(out) as sink:
        sink.write("new")
        raise OSError(28, "No space left on device")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]
    with export.sink(out) as sink:
        sink.write("new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("form", ["txt", "parquet"])
def test_an_export_is_on_the_disk_before_it_takes_its_place_and_takes_over_no_file_of_yours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    (folder := tmp_path / "mine").mkdir()
    names = {".said.txt.new", ".said.txt", ".decisions.parquet"}
    for name in names:
        (folder / name).write_text("mine")
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "synced")
        real_sync(descriptor)

    def replace(source: Path, target: Path) -> Path:
        done.append(f"replaced {target.name}")
        return real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    out = folder / "said.txt" if form == "txt" else folder
    assert run(capsys, f"log export --format {form} --out {out}")[0] == 0
    made = ["said.txt"] if form == "txt" else ["decisions.parquet", "utterances.parquet", "deletions.parquet"]
    assert [done[at - 1] for at, each in enumerate(done) if each.startswith("replaced")] == ["synced"] * len(made)
    assert {path.name for path in folder.iterdir()} == {*names, *made}
    assert {(folder / name).read_text() for name in names} == {"mine"}
    assert {(folder / name).stat().st_mode & 0o777 for name in made} == {0o600}


def test_a_kit_is_meant_by_its_name_too(
    written: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = home.Card(name="kitchen", host="10.0.0.7", port=1, user="u", kit=KIT, verifies_with="", paired_at="")
    monkeypatch.setattr(home.Home, "kits", lambda _home: [home.Kit(card, written)])
    for name, code in (("kitchen", 0), ("10.0.0.7", 0), ("bedroom", 69)):
        assert run(capsys, f"log stats --kit {name}")[0] == code


@pytest.mark.usefixtures("written")
def test_rows_of_one_kit_are_never_mixed_with_another_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, others = DataSet(str(tmp_path / "home/vybor-workshop/data"), tmp_path), ("7" * 32, "7a" * 16)
    for other in others:
        for file in data.files(KIT):
            data.write(msgspec.structs.replace(file, kit=other), data.read(file))
    card = home.Card(name="7", host="10.0.0.7", port=1, user="u", kit=KIT, verifies_with="", paired_at="")
    known = [home.Kit(card, tmp_path)]
    monkeypatch.setattr(home.Home, "kits", lambda _home: known)
    code, out, _ = run(capsys, "log export --format jsonl --kit 7")
    assert (code, {json.loads(line)["kit"] for line in out.splitlines()}) == (0, {KIT})
    known.append(home.Kit(msgspec.structs.replace(card, kit=others[0]), tmp_path))
    assert run(capsys, "log export --format jsonl --kit 7")[::2] == (
        69,
        f"vybor-workshop: 7 is the name of more than one kit; name it by its number: {KIT}, {others[0]}\n",
    )
    known.clear()
    code, out, said = run(capsys, "log export --format jsonl --kit 7")
    assert (code, out) == (69, "")
    assert "more than one kit 7" in said
    code, out, _ = run(capsys, "log export --format jsonl --kit 7a")
    assert (code, {json.loads(line)["kit"] for line in out.splitlines()}) == (0, {others[1]})
