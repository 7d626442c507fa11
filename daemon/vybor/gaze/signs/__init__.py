"""What a face says beside its eyes: brows, cheeks, the head. Pure."""
