"""Every event of the suite in words, one table per part of it."""

from collections.abc import Mapping
from types import MappingProxyType

from services.mobile.domain.wording import Wording
from services.mobile.domain.words.affairs import AFFAIRS
from services.mobile.domain.words.assessment import ASSESSMENT
from services.mobile.domain.words.identity import IDENTITY
from services.mobile.domain.words.meetings import MEETINGS
from services.mobile.domain.words.office import OFFICE
from services.mobile.domain.words.supervision import SUPERVISION
from shared.events.base import Event

WORDINGS: Mapping[type[Event], Wording] = MappingProxyType(
    {**OFFICE, **MEETINGS, **SUPERVISION, **ASSESSMENT, **AFFAIRS, **IDENTITY}
)
