"""The kit's addresses, from what kernels write into /proc/net."""

from pathlib import Path

from vybor.foundation import addresses

FIB_TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     +-- 192.168.1.0/24 2 0 2
        +-- 192.168.1.0/26 2 0 2
           |-- 192.168.1.0
              /24 link UNICAST
           |-- 192.168.1.37
              /32 host LOCAL
        |-- 192.168.1.255
           /32 link BROADCAST
Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
           |-- 192.168.1.37
              /32 host LOCAL
"""
OFFLINE = """\
Local:
  +-- 127.0.0.0/8 2 0 2
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 169.254.7.9
        /32 host LOCAL
"""
IF_INET6 = """\
fe80000000000000ba27ebfffe010203 03 40 20 80    wlan0
20010db8000000000000000000000001 03 40 00 80    wlan0
20010db8000000001111222233334444 03 40 00 01    wlan0
20010db8000000001111222233335555 03 40 00 20    wlan0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_the_address_of_a_network_is_found_once_and_the_machine_s_own_is_left_out() -> None:
    assert addresses.addresses(FIB_TRIE, "") == ("192.168.1.37",)


def test_of_the_new_addresses_the_lasting_ones_that_others_reach_are_taken() -> None:
    assert addresses.addresses("", IF_INET6) == ("2001:db8::1",)


def test_the_short_ones_come_first_and_two_are_enough() -> None:
    more = IF_INET6.replace("1111222233334444 03 40 00 01", "1111222233334444 03 40 00 80")
    assert addresses.addresses(FIB_TRIE, more) == ("192.168.1.37", "2001:db8::1")


def test_without_a_network_there_are_none() -> None:
    assert addresses.addresses(OFFLINE, "") == ()


def test_what_is_no_table_has_no_addresses() -> None:
    broken = "|-- 999.1.2.3\n  /32 host LOCAL\nnoise\n"
    assert addresses.addresses(broken, "xyz 01 02 00 80 eth0\n00 01 02 00 80 eth0\nshort\n\n") == ()


def test_files_are_read_and_missing_ones_say_nothing(tmp_path: Path) -> None:
    assert addresses.read(tmp_path) == ()
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    assert addresses.read(tmp_path) == ("192.168.1.37",)
    (tmp_path / "if_inet6").write_text(IF_INET6)
    assert addresses.read(tmp_path) == ("192.168.1.37", "2001:db8::1")
