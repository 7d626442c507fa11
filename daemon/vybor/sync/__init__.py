"""The door to the workstation: pairing, an sshd with two forced commands, receipts. It reads no text."""
