"""How long the fields of a ticket may be, and between which years its times lie."""

from typing import Final

SUBJECT_AT_MOST: Final = 1_000
BODY_AT_MOST: Final = 1_000_000
NAME_AT_MOST: Final = 200
LOGIN_AT_MOST: Final = 64
EMAIL_AT_MOST: Final = 254
URL_AT_MOST: Final = 2_000
MESSAGE_ID_AT_MOST: Final = 900
LANGUAGE_AT_MOST: Final = 35
TAGS_AT_MOST: Final = 100
TAG_AT_MOST: Final = 100
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9000
