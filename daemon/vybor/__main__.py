"""`python -m vybor`."""

import sys

from vybor.cli import main

sys.exit(main())
