"""Document → attributed testimonials: layouts claim, the best explanation of the whole document wins."""

from .segment import LAYOUTS, REVIEW_THRESHOLD, explain, segment

__all__ = ["LAYOUTS", "REVIEW_THRESHOLD", "explain", "segment"]
