"""Configuration: everything comes from `YIWANG_…` environment variables, read once, at the edge."""

from dataclasses import dataclass, field
from pathlib import Path

from environs import Env


@dataclass(frozen=True, kw_only=True)
class MessagingSettings:
    """How events are sent and handled.

    `retry_seconds` are the steps of the retry ladder; what failed after the last one is a dead letter.
    `prefetch` is how many events a handler is given ahead, `drain_seconds` how long running handlers may go on
    after the process was told to stop.
    """

    retry_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 300.0)
    prefetch: int = 20
    heartbeat_seconds: float = 10.0
    drain_seconds: float = 25.0
    confirm_seconds: float = 10.0
    metrics_port: int = 0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an administrator sets; every value has a default that works on one machine.

    `database_url` holds `{service}` where the service's database name goes, or names a server without a
    database, which then gets `yiwang_<service>`. `blob_url` is any fsspec address. `public_url` is where people reach
    the suite from outside, for what is printed on papers.
    """

    home: Path
    database_url: str
    amqp_url: str
    blob_url: str
    http_host: str
    http_port: int
    issuer: str
    audience: str
    secret_key: str
    font_dir: str
    log_level: str
    log_json: bool
    max_workers: int
    max_body_bytes: int
    max_upload_bytes: int
    read_timeout_seconds: int
    trusted_proxies: tuple[str, ...]
    requests_per_second: int
    requests_per_second_of_source: int
    public_url: str = ""
    messaging: MessagingSettings = field(default_factory=MessagingSettings)

    def database_url_of(self, service: str) -> str:
        """The address of that service's own database."""
        if "{service}" in self.database_url:
            return self.database_url.replace("{service}", service)
        base, _, query = self.database_url.partition("?")
        return f"{base.rstrip('/')}/yiwang_{service}" + (f"?{query}" if query else "")


def read_settings(env: Env | None = None) -> Settings:
    """The settings of this process; environs raises with the variable's name for a value it cannot read."""
    env = env or Env()
    with env.prefixed("YIWANG_"):
        home = env.path("HOME", Path(".yiwang")).resolve()
        return Settings(
            home=home,
            database_url=env.str("DATABASE_URL", ""),
            amqp_url=env.str("AMQP_URL", "memory://"),
            blob_url=env.str("BLOB_URL", (home / "blobs").as_uri()),
            http_host=env.str("HTTP_HOST", "127.0.0.1"),
            http_port=env.int("HTTP_PORT", 8000),
            issuer=env.str("ISSUER", "urn:yiwang:identity"),
            audience=env.str("AUDIENCE", "urn:yiwang:suite"),
            secret_key=env.str("SECRET_KEY", ""),
            font_dir=env.str("FONT_DIR", ""),
            log_level=env.str("LOG_LEVEL", "INFO"),
            log_json=env.bool("LOG_JSON", True),
            max_workers=env.int("MAX_WORKERS", 10),
            max_body_bytes=env.int("MAX_BODY_BYTES", 1024 * 1024),
            max_upload_bytes=env.int("MAX_UPLOAD_BYTES", 60 * 1024 * 1024),
            read_timeout_seconds=env.int("READ_TIMEOUT_SECONDS", 30),
            trusted_proxies=tuple(env.list("TRUSTED_PROXIES", [])),
            requests_per_second=env.int("REQUESTS_PER_SECOND", 50),
            requests_per_second_of_source=env.int("REQUESTS_PER_SECOND_OF_SOURCE", 500),
            public_url=env.str("PUBLIC_URL", "").rstrip("/"),
            messaging=_messaging(env),
        )


def _messaging(env: Env) -> MessagingSettings:
    usual = MessagingSettings()
    return MessagingSettings(
        retry_seconds=tuple(env.list("RETRY_SECONDS", list(usual.retry_seconds), subcast=float)),
        prefetch=env.int("PREFETCH", usual.prefetch),
        heartbeat_seconds=env.float("HEARTBEAT_SECONDS", usual.heartbeat_seconds),
        drain_seconds=env.float("DRAIN_SECONDS", usual.drain_seconds),
        confirm_seconds=env.float("CONFIRM_SECONDS", usual.confirm_seconds),
        metrics_port=env.int("METRICS_PORT", usual.metrics_port),
    )
