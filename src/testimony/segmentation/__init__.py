"""Document → attributed testimonials: layouts claim, the best explanation of the whole document wins."""

from .segment import LAYOUTS, explain, segment

__all__ = ["LAYOUTS", "explain", "segment"]
