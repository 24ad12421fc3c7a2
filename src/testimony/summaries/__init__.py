"""Tables → one summary per space: what is praised, complained of and proposed, each point proved by quotations."""

from .contrasts import Comparison, compare
from .facts import Facts, Group, Item, gather, walk
from .points import quotations_of, spaces_table, summarize

__all__ = ["Comparison", "Facts", "Group", "Item", "compare", "gather", "quotations_of", "spaces_table", "summarize", "walk"]
