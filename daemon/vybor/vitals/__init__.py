"""The room `vitals`: battery, voltage and heat of the kit, and what it does without for their sake."""
