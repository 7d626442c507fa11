"""A stand-in for pi-gen: a checkout whose build.sh keeps to the same protocol and makes an image of one line.

Like the real one it reads settings with -c, runs the stages of STAGE_LIST in order, passes over those with a file
SKIP, says Begin and End to WORK_DIR/build.log and aloud, and makes of the last stage with a file EXPORT_IMAGE what
DEPLOY_DIR has in the end.
"""

import os
import subprocess
from pathlib import Path

STAGES = ("stage0", "stage1", "stage2")
BUILD = """\
#!/bin/bash -e
[ "$1" = -c ]
source "$2"
log() { echo "[12:00:00] $*" | tee -a "$WORK_DIR/build.log"; }
fails_at=$(cat "$(dirname "$0")/../fails-at" 2>/dev/null || true)
for stage in $STAGE_LIST $EXPORT_CONFIG_DIR; do
  log "Begin $stage"
  if [ ! -e "$stage/SKIP" ]; then
    echo "$(basename "$stage")" >> "$WORK_DIR/ran"
    log "Begin $stage/00-part"
    if [ "$(basename "$stage")" = "$fails_at" ]; then echo "E: no network"; exit 100; fi
  fi
  log "End $stage"
done
mkdir -p "$DEPLOY_DIR"
for stage in $STAGE_LIST; do
  if [ -e "$stage/EXPORT_IMAGE" ]; then
    source "$stage/EXPORT_IMAGE"
    echo "$RELEASE with $LOCALE_DEFAULT" > "$DEPLOY_DIR/$IMG_FILENAME$IMG_SUFFIX.img"
  fi
done
"""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as nobody in particular."""
    who = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "safe.directory=*")
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def checkout(folder: Path, tag: str) -> Path:
    """A checkout at a version. A file `fails-at` beside it names the stage in which its build breaks off."""
    for stage in STAGES:
        (folder / stage).mkdir(parents=True)
        (folder / stage / "prerun.sh").touch()
    (folder / "stage2/EXPORT_IMAGE").write_text('IMG_SUFFIX="-lite"\n')
    for part in ("01-user-rename", "05-finalise"):
        (folder / "export-image" / part).mkdir(parents=True)
        (folder / "export-image" / part / "01-run.sh").touch()
    (folder / "export-image/01-user-rename/00-packages").write_text("userconf-pi\n")
    (folder / "depends").write_text("bash\nsh:dash\n")
    (folder / "build.sh").write_text(BUILD)
    (folder / "build.sh").chmod(0o755)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    git(folder, "tag", tag)
    return folder
