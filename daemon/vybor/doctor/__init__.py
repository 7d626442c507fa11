"""`vybor doctor`: looks at this machine and this kit, changes nothing, and says in words what to mend."""
