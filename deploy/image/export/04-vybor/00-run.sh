#!/bin/bash -e
# pi-gen, while the image lies open for the last time: its upgrade of all packages may have made keys of one machine
# once more. Nothing leaves that `look` finds something in.
rm -f "${ROOTFS_DIR}"/etc/ssh/ssh_host_*
"${EXPORT_DIR}/00-kit/look" "${ROOTFS_DIR}"
