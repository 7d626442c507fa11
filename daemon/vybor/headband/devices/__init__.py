"""Whatever samples a wearer: boards, their drivers, recordings of them, and the thread that has one to itself."""
