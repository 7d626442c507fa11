"""How a workstation and a kit come to know each other's keys, with nobody between them unseen. Pure.

Numeric comparison with a commitment, as in Bluetooth LE Secure Connections: the workstation commits to a line that
it shows later, the kit answers with its own keys and a nonce, the workstation shows the line. Both sides then hash
all three lines and show six digits and five words of the hash; a person on each side says whether they are the
same. Whoever stands between has to find lines with the same digits before they know the other side's nonce: one
guess in a million, and three guesses a window.
"""
