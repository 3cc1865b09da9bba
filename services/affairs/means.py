"""What the making of papers takes beside the database: content store, fonts, secret, public address."""

from dataclasses import dataclass

from shared.config import Settings
from shared.files import BlobStore
from shared.typesetting import FontSettings


@dataclass(frozen=True, kw_only=True)
class Means:
    """Given to the commands that set, sign or keep a paper."""

    blobs: BlobStore
    font_dir: str = ""
    secret_key: str = ""
    public_url: str = ""

    @staticmethod
    def of(settings: Settings, blobs: BlobStore) -> "Means":
        """As the process was started."""
        return Means(
            blobs=blobs,
            font_dir=settings.font_dir,
            secret_key=settings.secret_key,
            public_url=settings.public_url,
        )

    @property
    def fonts(self) -> FontSettings:
        return FontSettings.of(self.font_dir)
