"""What leaves the kit: parts of the record, each closed for ever, sealed to the workstation, signed by the kit.

Read by the journal (seals), by sync (carries) and by the workshop (opens). Everybody else sees names and bytes.
"""
