"""The settings: what each key means, who may change it, and how a file is changed."""
