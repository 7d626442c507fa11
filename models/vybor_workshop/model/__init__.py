"""The model build: from a recipe and a GGUF file to a bundle that the kit can run."""
