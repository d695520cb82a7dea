"""Pure answers to “why?” about a plan and its numbers, a package for each explanation. No Qt, no files.

A frozen question goes in, a frozen answer comes out: `answer(question, progress)`.
"""
