"""Where the eyes rest: frames in, points on the screen out.

From the ground up: `sources` (frames), `faces` (landmarks, small pictures of the eyes, lids), `points` (the fitted
model, its error, the filter) beside `signs` (brows, cheeks, head), `looks` (dots, and what is kept of them), and
on top `camera`, the room itself.
"""
