"""Russian endings: the forms of a word, and which of them a sentence asks for. Loaded for Russian only.

`morphology` knows the forms (OpenCorpora's dictionary, by pymorphy3), `clause` reads what stands before the next
word, `agreement` mends what is offered, `endings` puts the forms of the last word in order.
"""
