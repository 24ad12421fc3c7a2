"""One person, one identity; one space, one name: what a corpus as a whole says of the names in it."""

from .names import Name, alike, parse
from .settling import settle

__all__ = ["Name", "alike", "parse", "settle"]
