"""Values and arithmetic: recipes, plans, operations, evaluation, and pictures of numbers.

Pure: no Qt, no files, no clocks. Threads live in `threads` alone, which shares one call among the cores.
Each package may use those before it: kernels, geometry, recipe, ops, display, evaluation, view.
"""
