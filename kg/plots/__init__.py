"""Forest, cumulative and funnel plots, as SVG and PNG, with Matplotlib.

The same input gives the same bytes. Matplotlib is imported when something is drawn, not before.
"""
