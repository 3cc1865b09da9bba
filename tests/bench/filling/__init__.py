"""Databases with much in them, filled once in a run and shared by the figures that ask them.

What the product counts for itself is counted here by the product: by its triggers and its timers' commands.
"""
