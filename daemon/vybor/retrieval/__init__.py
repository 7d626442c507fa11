"""Topic documents and the person's own texts: kept, found again, and handed to the model as notes."""
