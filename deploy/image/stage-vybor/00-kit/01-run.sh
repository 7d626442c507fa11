#!/bin/bash -e
# Lays the kit on Raspberry Pi OS Lite: what deploy/install.sh does on a Pi, and no more. pi-gen runs this in its own
# folder, with the system in ROOTFS_DIR, its language in LOCALE_DEFAULT, and a shell in that system behind on_chroot.
# Both packages lie in files/. Nothing is started, and nothing that tells one kit from another is made here.
packages=srv/vybor-packages

install -d "${ROOTFS_DIR}/${packages}"
install -m 644 files/*.deb "${ROOTFS_DIR}/${packages}"
on_chroot << EOF
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends --reinstall /${packages}/*.deb
EOF
rm -r "${ROOTFS_DIR:?}/${packages}"

# A system may be told to leave documents out; licences and the carer's page would then be missing.
on_chroot << EOF
damaged=\$(dpkg --verify vybor vybor-factory-model || true)
if [ -n "\$damaged" ]; then
  echo "vybor: not all that the packages have came into the system:" >&2
  echo "\$damaged" >&2
  exit 1
fi
EOF

# Boot files, BlueZ, udev and the watchdog. What was there before was never a state of a machine (the boot partition's
# number stands there as ROOTDEV still), so nothing is kept that `vybor firmware undo` would take a kit back to.
on_chroot << EOF
vybor firmware apply --board pi5
EOF
for place in boot/firmware etc/bluetooth etc/systemd etc/udev; do
  find "${ROOTFS_DIR}/${place}" -name '*.vybor-[0-9]*' -delete
done

# Raspberry Pi OS has a wizard that asks for a user on a console, over the wearer's screen, as soon as anything enables
# it. The presets of a first start may, and what sets the user that Imager was told (userconf-pi's rename-user).
ln -sf /dev/null "${ROOTFS_DIR}/etc/systemd/system/userconfig.service"

# The kit speaks English unless it is told otherwise. Whoever logs in may speak either.
case "${LOCALE_DEFAULT}" in
  ru*)
    on_chroot << EOF
vybor config set language ru
EOF
    rm -f "${ROOTFS_DIR}"/etc/vybor/vybor.toml.before-*  # likewise
    ;;
esac
sed -i -E 's/^# ((en_GB|ru_RU)\.UTF-8 UTF-8)$/\1/' "${ROOTFS_DIR}/etc/locale.gen"
on_chroot << EOF
locale-gen
EOF

# The screen of last resort (vybor-safe) has sentences in both languages on the first console, and the kernel's own
# font has no Cyrillic.
sed -i -e 's/^CODESET=.*/CODESET="Uni2"/' -e 's/^FONTFACE=.*/FONTFACE="Terminus"/' \
  -e 's/^FONTSIZE=.*/FONTSIZE="8x16"/' "${ROOTFS_DIR}/etc/default/console-setup"
on_chroot << EOF
setupcon --force --save-only
EOF

# Every card that is written from the image is a kit of its own, and makes these itself when it first starts.
rm -f "${ROOTFS_DIR}"/etc/ssh/ssh_host_* "${ROOTFS_DIR}/var/lib/dbus/machine-id" \
  "${ROOTFS_DIR}/var/lib/systemd/random-seed" "${ROOTFS_DIR}/var/lib/systemd/credential.secret"
echo uninitialized > "${ROOTFS_DIR}/etc/machine-id"
./look "${ROOTFS_DIR}"
