"""The content store in a patched process, as in every api and worker: from many green threads and a native one."""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402 (everything below must be imported patched)

from shared.files import CHUNK, BlobStore  # noqa: E402
from shared.offload import offload  # noqa: E402


def use(store: BlobStore, place: int) -> bool:
    content = bytes([place]) * (CHUNK + place)
    ref = store.put(content, media_type="text/plain", name="a")
    return store.read(ref.digest) == content


def main() -> None:
    store = BlobStore("s3://bucket/blobs")
    store.check_writable()
    green = list(eventlet.GreenPool(8).imap(lambda place: use(store, place), range(8)))
    native = [offload(use, store, place) for place in range(8, 11)]
    sys.stdout.write(f"all well: {all(green + native)}\n")


main()
