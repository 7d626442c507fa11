"""What keys are called (SDL's names and pygame's): whoever checks the settings must not load pygame. Pure."""

NAMES = (
    *"abcdefghijklmnopqrstuvwxyz0123456789",
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`",
    *(f"f{number}" for number in range(1, 25)),
    *(f"[{sign}]" for sign in "0123456789+-*/."),
    *(f"keypad {sign}" for sign in "0123456789+-*/.="),
    *("space", "return", "enter", "equals", "keypad enter", "tab", "backspace", "escape", "menu", "help"),
    *(
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "insert",
        "delete",
        "pageup",
        "pagedown",
        "page up",
        "page down",
    ),
    *(f"{side} {key}" for side in ("left", "right") for key in ("shift", "ctrl", "alt", "meta", "gui")),
    *("caps lock", "capslock", "numlock", "scroll lock", "scrolllock", "alt gr", "break", "pause"),
    *("print screen", "printscreen", "sys req", "clear", "power", "euro", "currencysubunit", "ac back"),
)
"""In small letters; capitals are the same key."""
