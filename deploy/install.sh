#!/bin/sh
# Installs Vybor on a stock Raspberry Pi OS Lite (or Debian 12 or 13), from the two packages that lie beside this file.
#
#   sudo sh install.sh [--packages DIR] [--keep-firmware] [--dry-run]
#
#   --packages DIR     where the packages are (otherwise: beside this file)
#   --keep-firmware    leave the boot configuration of a Pi as it is
#   --dry-run          say what would be done, and do nothing
#
# It asks nothing. Run it again whenever you like: it goes on where it was, and never touches what was written.
# The network is used for Debian's own packages only; Vybor itself needs none.
set -eu
# The kit takes the first console, and whoever installs there loses the terminal in the middle: go on without one.
trap '' HUP
# A pipe to a connection or a program that is gone, too; what is started here is told of its own pipes as always.
trap : PIPE

log=/var/log/vybor-install.log
packages=$(CDPATH='' cd "$(dirname "$0")" && pwd)
firmware=yes
dry=no

russian() { case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in ru*) return 0 ;; *) return 1 ;; esac; }
logged=no
# To the log as well once there is one; a terminal that is gone stops nothing.
put() {
  if [ "$logged" = yes ]; then printf '%s\n' "$1" >>"$log" || true; fi
  printf '%s\n' "$1" 2>/dev/null || true
}
say() { if russian; then put "$2"; else put "$1"; fi; }
stop() { code=$1; shift; if russian; then put "install.sh: $2" >&2; else put "install.sh: $1" >&2; fi; exit "$code"; }

while [ $# -gt 0 ]; do
  case "$1" in
    --packages)
      [ $# -ge 2 ] || stop 64 "--packages needs the name of a folder" "после --packages нужно имя папки"
      packages=$(CDPATH='' cd "$2" 2>/dev/null && pwd) || stop 66 "there is no folder $2; name the one with the packages" \
                                                                  "нет папки $2; укажите папку с пакетами"
      shift ;;
    --keep-firmware) firmware=no ;;
    --dry-run) dry=yes ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) stop 64 "there is no option $1; --help lists them" "нет такого ключа: $1; список покажет --help" ;;
  esac
  shift
done

# --- what this machine is ---------------------------------------------------------------------------------

# shellcheck disable=SC1091
codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
# shellcheck disable=SC1091
system=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-}")
architecture=$(dpkg --print-architecture 2>/dev/null || true)
case "$codename" in
  bookworm) suffix=deb12 ;;
  trixie) suffix=deb13 ;;
  jammy) stop 69 "$system has Python 3.10, and Vybor is packaged for Debian 12 and 13 alone: deploy/docs/jetson.md says what to do on a Jetson" \
                 "в $system Python 3.10, а пакеты есть только для Debian 12 и 13: что делать на Jetson, сказано в deploy/docs/jetson.md" ;;
  *) stop 69 "this is ${system:-an unknown system}; Vybor is packaged for Debian 12 and 13 and Raspberry Pi OS of the same names" \
             "это ${system:-неизвестная система}; пакеты есть для Debian 12 и 13 и Raspberry Pi OS тех же версий" ;;
esac
case "$architecture" in
  arm64 | amd64) ;;
  *) stop 69 "this system is ${architecture:-not Debian}; install the 64-bit Raspberry Pi OS Lite" \
             "это система ${architecture:-не Debian}; установите 64-битную Raspberry Pi OS Lite" ;;
esac

newest() { find "$packages" -maxdepth 1 -name "$1" 2>/dev/null | sort -V | tail -n 1; }
kit=$(newest "vybor_*+${suffix}_${architecture}.deb")
model=$(newest "vybor-factory-model_*_all.deb")
[ -n "$kit" ] || stop 66 "there is no vybor_*+${suffix}_${architecture}.deb in $packages; name its folder with --packages" \
                         "в $packages нет vybor_*+${suffix}_${architecture}.deb; укажите папку ключом --packages"
[ -n "$model" ] || stop 66 "there is no vybor-factory-model_*_all.deb in $packages; name its folder with --packages" \
                           "в $packages нет vybor-factory-model_*_all.deb; укажите папку ключом --packages"
board=$(tr -d '\0' 2>/dev/null </proc/device-tree/model || true)
case "$board" in "Raspberry Pi"*) pi=yes ;; *) pi=no ;; esac

say "$system on ${board:-$architecture}: $(basename "$kit"), $(basename "$model")" \
    "$system, ${board:-$architecture}: $(basename "$kit"), $(basename "$model")"

# What apt calls the newest may be an older one with the same version, so the lists of files and sums are compared.
sums_there() { cat "/var/lib/dpkg/info/$1.md5sums" 2>/dev/null || true; }
sums_of() { dpkg-deb --ctrl-tarfile "$1" | tar -xOf - ./md5sums 2>/dev/null || true; }
# new, same, other (the version is there, with other files) or older; nothing of a package that cannot be read
compared() {
  there=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null || true)
  brings=$(dpkg-deb -f "$2" Version 2>/dev/null) || return 0
  case "$there" in
    "installed $brings") if [ "$(sums_there "$1")" = "$(sums_of "$2")" ]; then echo same; else echo other; fi ;;
    installed\ *) if dpkg --compare-versions "$brings" lt "${there#installed }"; then echo older; else echo new; fi ;;
    *) echo new ;;
  esac
}
again=''
room_mb=0
for pair in "vybor $kit" "vybor-factory-model $model"; do
  name=${pair%% *}
  file=${pair#* }
  case "$(compared "$name" "$file")" in
    older) stop 69 "$name is here in a newer version than $(basename "$file"); bring newer packages, or remove it first: what was written stays" \
                   "$name уже новее, чем $(basename "$file"); возьмите пакеты новее или сначала удалите его: написанное останется" ;;
    other)
      say "$name of this version is here with other files: it is installed again" \
          "$name этой версии здесь с другими файлами: он ставится заново"
      again=--reinstall
      room_mb=2000 ;;
    new) room_mb=2000 ;;
    same) say "$name of this version is here already: nothing of it is newer" "$name этой версии уже стоит: ничего новее нет" ;;
    *) stop 65 "$(basename "$file") is damaged; copy it again from where it was made" \
               "$(basename "$file") повреждён; скопируйте его заново оттуда, где он был собран" ;;
  esac
done
# What was cut off has taken its room already, and a kit that is half there is helped by going on alone.
states=$(dpkg-query -W -f '${db:Status-Status}\n' 2>/dev/null || true)
if printf '%s\n' "$states" | grep -qxE 'half-installed|unpacked|half-configured'; then room_mb=0; fi
free_mb=$(df -Pm /usr | awk 'NR == 2 {print $4}')
[ "$free_mb" -ge "$room_mb" ] || stop 75 "only ${free_mb} MB are free; Vybor needs ${room_mb} MB: delete something or take a larger card" \
                                         "свободно только ${free_mb} МБ, нужно ${room_mb}: освободите место или возьмите карту побольше"

if [ "$dry" = yes ]; then
  say "Would install both and what they need of Debian." "Было бы установлено то и другое и нужные пакеты Debian."
  if [ "$pi" = yes ]; then
    say "Would install Debian's rpicam-apps-lite and bluez." "Были бы установлены пакеты rpicam-apps-lite и bluez."
    if [ "$firmware" = yes ]; then
      say "Would set boot files, BlueZ and udev, with backups: vybor firmware apply." \
          "Были бы настроены загрузка, BlueZ и udev, с копиями: vybor firmware apply."
    fi
  fi
  say "Would start vybor.target, now and with the power; it takes the first console. Would then check the kit." \
      "Была бы запущена vybor.target, сейчас и при включении; она занимает первую консоль. Затем проверка."
  say "Nothing was done." "Ничего не сделано."
  exit 0
fi
[ "$(id -u)" = 0 ] || stop 77 "please run it as root: sudo sh $0" "запустите с правами root: sudo sh $0"

# --- what is done -----------------------------------------------------------------------------------------

# Runs a step; while it runs, a line says so every ten seconds, so that nobody thinks it stands still.
step() {
  say "$1" "$2"
  shift 2
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  waited=0
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    if [ $((waited % 10)) = 0 ]; then say "  … still at it, ${waited} s" "  … ещё идёт, ${waited} с"; fi
  done
  wait "$child"
}

# Another program that installs, such as Debian's own upgrades, is waited for. A file of another package that was changed,
# as `vybor firmware apply` changes BlueZ's, stays as it is: nobody is there for dpkg's question, and it would stop.
apt_get() { apt-get -o DPkg::Lock::Timeout=300 -o DPkg::Options::=--force-confold "$@"; }

# apt refuses to begin where an installation was cut off, by the power perhaps. What dpkg cannot go on with, such as a
# package whose needs had not come yet, is left to apt (--fix-broken in step 2).
lists() {
  dpkg --configure -a --force-confold || true
  # Who fetches lists meanwhile, as Debian does by itself soon after a first start, is not waited for by apt.
  for _ in $(seq 30); do
    code=0
    said=$(export LC_ALL=C; apt_get update 2>&1) || code=$?
    printf '%s\n' "$said"
    case "$said" in *"Could not get lock"*) sleep 10 ;; *) break ;; esac
  done
  return "$code"
}

# Runs a program, and shows and logs what it said.
shown() {
  code=0
  told=$("$@" 2>&1 </dev/null) || code=$?
  if [ -n "$told" ]; then put "$told"; fi
  return "$code"
}

export DEBIAN_FRONTEND=noninteractive
printf '\n--- %s\n' "$kit" >>"$log"
logged=yes
if ps -t tty1 -o comm= 2>/dev/null | grep -qvx agetty; then
  say "The kit takes the first console in step 2. If you sit there, the installation goes on: log in at another (Alt+F2) and see $log" \
      "На шаге 2 устройство займёт первую консоль. Установка продолжится и без неё: войдите на другой (Alt+F2), журнал $log"
fi
step "1 of 4  Debian's lists of packages" "1 из 4  Списки пакетов Debian" lists ||
  say "        could not be fetched; going on with what is there" "        не загрузились; продолжаем с тем, что есть"
# shellcheck disable=SC2086  # nothing, or one option
step "2 of 4  Vybor, its model, and what they need (some minutes)" "2 из 4  Vybor, модель и всё нужное (несколько минут)" \
  apt_get --fix-broken install -y --no-install-recommends $again "$kit" "$model" ||
  stop 69 "the packages could not be installed; the end of $log says why. Is there a network? Run this again then" \
          "пакеты не установились; причина в конце $log. Есть ли сеть? Затем запустите снова"
if [ "$pi" = yes ]; then
  step "3 of 4  The Pi's camera programs and Bluetooth" "3 из 4  Программы камеры и Bluetooth" \
    apt_get install -y --no-install-recommends rpicam-apps-lite bluez ||
    say "        could not be installed; a USB camera works without" "        не установились; USB-камера работает и так"
  if [ "$firmware" = yes ]; then
    shown vybor firmware apply || say "        the boot configuration was left as it is" "        загрузка не изменена"
  fi
else
  say "3 of 4  Not a Raspberry Pi: no boot configuration to change" "3 из 4  Не Raspberry Pi: загрузку менять не нужно"
fi
say "4 of 4  Looking the kit over" "4 из 4  Проверка"
systemctl start vybor.target 2>>"$log" || true
shown vybor doctor || true
say "Done. It starts by itself when the power comes on. The log is $log." \
    "Готово. Включается само вместе с питанием. Журнал: $log."
