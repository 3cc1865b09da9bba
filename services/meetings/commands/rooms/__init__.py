"""Rooms: what there is, who has it when, and giving back what nobody uses."""
