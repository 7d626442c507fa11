"""What the workstation sends to the kit: one file, signed, with every hash in it; nothing of it is used unchecked.

Written by the workshop, carried by sync, opened by the generator. Whoever has the file sees what is in it (it is
signed, not sealed): an adapter says nothing in words, and lies where the person's text lies.
"""
