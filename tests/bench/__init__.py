"""The benchmark: each figure is ours against a limit that is measured in the same run, on the same machine.

`python -m tests.bench` measures all figures in `figures/`; a figure is one short file there that declares `FIGURE`.
"""
