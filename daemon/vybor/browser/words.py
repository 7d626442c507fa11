"""What the page says, in the kit's language. English stands in texts, the others in locale/<language>/.

After a change: `pybabel compile -D browser -d daemon/vybor/browser/locale`.
"""

import gettext
from pathlib import Path

from vybor.browser.texts import Text

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "browser"
CONTEXT = "text"


def words(language: str) -> dict[str, str]:
    """Every sentence by its name; what has no translation is English."""
    translation = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
    return {text.name.lower(): translation.pgettext(CONTEXT, text) for text in Text}
