"""What the commands of an owner and a carer do; the grammar of all of them is in vybor/cli.py."""
