"""The package that a filed item is kept in: packing, sealing, reading and verifying."""

from services.archives.packaging.build import MEDIA_TYPE, Package, PackagingRefused, Register, build_package
from services.archives.packaging.digests import Fixity
from services.archives.packaging.reading import Finding, Limits, PackageUnreadable, open_file
from services.archives.packaging.verify import VerificationReport, VerifiedFile, verify_package

__all__ = [
    "MEDIA_TYPE",
    "Finding",
    "Fixity",
    "Limits",
    "Package",
    "PackageUnreadable",
    "PackagingRefused",
    "Register",
    "VerificationReport",
    "VerifiedFile",
    "build_package",
    "open_file",
    "verify_package",
]
