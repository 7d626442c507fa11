"""Numbers of one person, learned from their record: how interest moves words, and so on.

What travels is numbers, never text. Each fit is judged by rules of its own before it may be published.
"""
