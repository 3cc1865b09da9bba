"""The metrics that the suite counts."""

from importlib import import_module

from prometheus_client import REGISTRY

_WHERE = ("shared.messaging.metrics", "shared.web.logging")


def metric_names() -> set[str]:
    """The names under which Prometheus sees them, without the parts of histograms."""
    for module in _WHERE:
        import_module(module)
    kinds = {metric.name: metric.type for metric in REGISTRY.collect() if metric.name.startswith("yiwang_")}
    return {f"{name}_total" if kind == "counter" else name for name, kind in kinds.items()}
