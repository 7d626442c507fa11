"""The page's certificate: made once, kept for its owner alone, and made anew when it does not hold."""

import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from vybor.foundation.errors import PlaceError
from vybor.pages import certificate

NOW = "2026-03-01T12:00:00+00:00"


def made(folder: Path, now: str = NOW) -> certificate.Certificate:
    return certificate.ready(folder, "kitchen", now)


def test_it_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    first = made(tmp_path / "panel")
    assert made(tmp_path / "panel") == first
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.path.parent.stat().st_mode) == 0o700
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(first.path)


def test_its_fingerprint_is_what_browsers_show(tmp_path: Path) -> None:
    found = made(tmp_path)
    pem = found.path.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERT") :])
    assert x509.load_der_x509_certificate(der).fingerprint(certificate.hashes.SHA256()).hex() == found.fingerprint
    assert certificate.shown("3a9f11b277e041cc" + "0" * 48) == "3A9F 11B2 77E0 41CC"


def test_it_is_for_this_machine_and_for_no_other_use(tmp_path: Path) -> None:
    cert = x509.load_pem_x509_certificate(made(tmp_path).path.read_bytes())
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "kitchen", "kitchen.local"]
    assert not cert.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert (cert.not_valid_after_utc - cert.not_valid_before_utc).days <= 825


@pytest.mark.parametrize("now", ["2026-02-20T00:00:00+00:00", "2028-06-01T00:00:00+00:00"])
def test_one_that_does_not_hold_by_this_clock_is_made_anew(now: str, tmp_path: Path) -> None:
    first = made(tmp_path)
    again = made(tmp_path, now)
    assert again.fingerprint != first.fingerprint
    assert made(tmp_path, now) == again


def test_one_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    whole = made(tmp_path).path.read_bytes()
    other = made(tmp_path / "other").path.read_bytes()
    cut = whole.index(b"-----BEGIN CERT")
    mixed = other[: other.index(b"-----BEGIN CERT")] + whole[cut:]  # the key of another one
    for damaged in (b"", b"\0" * 100, whole[:cut], whole[cut:], whole[:-200], mixed, b"x" * 30_000):
        (tmp_path / "page.pem").write_bytes(damaged)
        found = made(tmp_path)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.path)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(made(tmp_path / "other").path.read_bytes())
    (tmp_path / "page.pem").symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    found = made(tmp_path)
    assert not found.path.is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PlaceError, match=r"its certificate cannot be kept in \S+file/panel"):
        made(tmp_path / "file" / "panel")
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208  (nothing else was begun)
