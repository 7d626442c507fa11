"""The page's own certificate: no authority knows it, so its fingerprint is compared with the kit's screen.

It is made once. Apple's browsers take none that holds for more than 825 days. One that is damaged, over, or not
yet begun by this machine's clock is made anew, and is then another one.
"""

import errno
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError

HOLDS = timedelta(days=800)
BEFORE = timedelta(days=2)
"""Of a browser whose clock is late."""
LARGEST_BYTES = 20_000
SHOWN = 16
"""So many hexadecimal digits stand on the screen: another certificate that begins so takes 2^64 attempts."""
NOT_THERE = (errno.ENOENT, errno.EINVAL, errno.EFBIG, errno.ELOOP)
"""No file, no regular one, one that is far too large, a link."""


class Certificate(msgspec.Struct, frozen=True):
    """Where it lies, with its key, and what it is known by."""

    path: Path
    fingerprint: str
    """SHA-256, in 64 hexadecimal digits."""


def ready(folder: Path, host: str, now: str) -> Certificate:
    """The certificate of this folder, made if none there holds `now` (ISO 8601, UTC). Raises PlaceError."""
    path, at = folder / "page.pem", datetime.fromisoformat(now)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fingerprint = _held(path, at)
        if not fingerprint:
            small_files.write_bytes(path, _made(host, at), 0o600, is_synced=True)
            fingerprint = _held(path, at)
    except OSError as error:
        raise PlaceError(
            f"its certificate cannot be kept in {folder} ({error.strerror}); mend that folder"
        ) from None
    return Certificate(path, fingerprint)


def shown(fingerprint: str) -> str:
    """Its beginning as the screen has it: `3A9F 11B2 77E0 41CC`."""
    return " ".join(fingerprint[at : at + 4].upper() for at in range(0, SHOWN, 4))


def whole(fingerprint: str) -> str:
    """All of it as browsers write it: `3A:9F:…`."""
    return ":".join(fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2))


def _held(path: Path, at: datetime) -> str:
    """The fingerprint of what holds now; empty if nothing does. Raises OSError for what cannot be looked at."""
    try:
        there = small_files.read(path, LARGEST_BYTES, links=False)
        made, own = x509.load_pem_x509_certificate(there), load_pem_private_key(there, password=None)
    except OSError as error:
        if error.errno not in NOT_THERE:
            raise
        return ""
    except ValueError:  # what is there is no certificate, or no key
        return ""
    if own.public_key() != made.public_key() or not made.not_valid_before_utc <= at <= made.not_valid_after_utc:
        return ""
    return sha256(made.public_bytes(Encoding.DER)).hexdigest()


def _made(host: str, at: datetime) -> bytes:
    """A key and its certificate, in PEM."""
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Vybor on {host}"[:64])])
    names: list[x509.GeneralName] = [
        *(x509.DNSName(each) for each in dict.fromkeys(("localhost", host, f"{host}.local"))),
        *(x509.IPAddress(ip_address(each)) for each in ("127.0.0.1", "::1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(at + HOLDS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(own, hashes.SHA256())
    )
    private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)
