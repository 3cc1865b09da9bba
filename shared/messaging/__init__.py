"""The reliable event machinery: recorded in the transaction, relayed, handled exactly once in effect.

Import from the modules: the relay must not load eventlet and nameko, which `on_event` and `timer` bring along.
"""
