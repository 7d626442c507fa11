#!/bin/bash -e
# pi-gen: this stage begins with what stage2 left, which is Raspberry Pi OS Lite.
if [ ! -d "${ROOTFS_DIR}" ]; then
  copy_previous
fi
