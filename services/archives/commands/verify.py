"""Verifying a package: every digest computed anew and compared with the register; what was found is kept."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from services.archives.models import ArchiveRecord, RecordVerification
from services.archives.packaging import Fixity, VerificationReport, verify_package
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem
from shared.files import BlobStore
from shared.ids import new_id
from shared.offload import offload


def verify_record(
    session: Session, actor: Actor, clock: Clock, *, record: ArchiveRecord, blobs: BlobStore
) -> RecordVerification:
    """Recompute the digests of a record's package; a damaged or missing package is a finding, never an error."""
    report = offload(_verify, blobs, record.package["digest"], expected=Fixity(**record.fixity))
    verification = RecordVerification(
        id=new_id(),
        record_id=record.id,
        at=clock.now(),
        person_id=actor.person_id,
        person_name=actor.person_name,
        sound=isinstance(report, VerificationReport) and report.sound,
        files_checked=len(report.files) if isinstance(report, VerificationReport) else 0,
        findings=_findings(report),
        fixity=asdict(report.package) if isinstance(report, VerificationReport) else None,
    )
    session.add(verification)
    session.flush()
    return verification


def _verify(blobs: BlobStore, digest: str, *, expected: Fixity) -> VerificationReport | str:
    """The report, or why the package cannot even be opened."""
    try:
        with blobs.open(digest) as stream:
            return verify_package(stream, expected=expected)
    except Problem as missing:
        return f"信息包不在存储中：{missing.detail}"
    except OSError as error:
        return f"信息包不能读取：{error.strerror or type(error).__name__}"


def _findings(report: VerificationReport | str) -> list[dict[str, str]]:
    if isinstance(report, str):
        return [{"code": "package_unavailable", "path": "", "message": report}]
    return [asdict(finding) for finding in report.findings]
