#!/bin/bash -e
# pi-gen: this stage begins with what stage2 left, which is Raspberry Pi OS Lite.
if [ ! -d "${ROOTFS_DIR}" ]; then
  copy_previous
fi
# That may have been made weeks ago: what its lists name, the archives need not have any more.
on_chroot << EOF
apt-get update
EOF
