"""The language of the house is whole: every message has a channel, every type a place in a union."""

import typing

import msgspec

from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.processes import PROCESSES


def kinds_of(base: type) -> set[type]:
    return {
        kind for kind in vars(m).values() if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }


def test_every_message_has_one_channel_and_only_decisions_travel_inside_a_command() -> None:
    assert {channel.carries for channel in channels.CHANNELS} == kinds_of(m.Message) - {m.Decision}
    assert len(channels.BY_TYPE) == len(channels.CHANNELS)


def test_every_type_is_in_its_union() -> None:
    assert set(typing.get_args(m.AnyMessage)) == kinds_of(m.Message) - {m.Decision}
    assert set(typing.get_args(m.AnyCommand)) == kinds_of(m.Command)
    assert set(typing.get_args(m.AnyReply)) == kinds_of(m.Reply)


def test_channels_are_owned_by_processes_of_the_table() -> None:
    assert set(channels.EVERY_PROCESS) == {process.name for process in PROCESSES}
    for channel in channels.CHANNELS:
        assert set(channel.publishers) <= set(channels.EVERY_PROCESS)


def test_every_message_is_frozen() -> None:
    for kind in kinds_of(m.Message) | kinds_of(m.Command) | kinds_of(m.Reply) | kinds_of(m.Part):
        config = typing.cast("type[msgspec.Struct]", kind).__struct_config__
        assert config.frozen, kind
