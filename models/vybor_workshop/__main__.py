"""`python -m vybor_workshop`."""

import sys

from vybor_workshop.cli import main

sys.exit(main())
