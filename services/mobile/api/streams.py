"""The container's one hub of streams, ended before the container's socket is closed."""

from nameko import config
from nameko.extensions import DependencyProvider

from services.mobile.push import Hub
from shared.runtime_context import runtime_of


class Streams(DependencyProvider):
    """Injects the hub into the api."""

    def setup(self) -> None:
        self.hub = Hub(runtime_of(config).database(self.container.service_cls.service.name))

    def stop(self) -> None:
        self.hub.stop()

    def get_dependency(self, worker_ctx: object) -> Hub:
        return self.hub
