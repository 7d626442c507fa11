"""From a frame to a face and what it says of its eyes: landmarks (MediaPipe), small pictures, lids."""
