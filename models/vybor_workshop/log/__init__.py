"""What kits wrote, kept by the workstation: Parquet by kit and day, read with DuckDB.

    data/rows/kit=<number>/day=<YYYY-MM-DD>/{decision,utterance,deletion}.parquet
    data/rows/kit=<number>/stale.json        which rows were deleted: nothing that learned of them may be used
    data/quarantine/kit=<number>/            segments that could not be taken in, with the reason beside them

One file holds the rows of one kind of one kit and day, in their order, each row once; it is only ever replaced as
a whole. So whatever is killed when, each file is as it was or as it should be, and taking the same rows in again
changes nothing.
"""
