"""How events of the directory and of sign-in read."""

from collections.abc import Mapping

from services.mobile.domain.wording import Rank, Wording
from shared.events import identity
from shared.events.base import Event

IDENTITY: Mapping[type[Event], Wording] = {
    identity.UnitRegistered: Wording(lambda e: f"登记单位“{e.particulars.name}”", Rank.DETAIL),
    identity.UnitParticularsCorrected: Wording(
        lambda e: f"更正单位“{e.particulars.name}”的信息", Rank.DETAIL
    ),
    identity.UnitDissolved: Wording(lambda e: "撤销单位", Rank.DETAIL),
    identity.PersonRegistered: Wording(lambda e: f"登记人员“{e.name}”", Rank.DETAIL),
    identity.PersonRenamed: Wording(lambda e: f"更正人员姓名为“{e.name}”", Rank.DETAIL),
    identity.PersonDisabled: Wording(lambda e: f"停用账号：{e.reason}", Rank.DETAIL),
    identity.PersonEnabled: Wording(lambda e: "恢复账号", Rank.DETAIL),
    identity.PostCreated: Wording(lambda e: f"设立岗位“{e.title}”", Rank.DETAIL),
    identity.PostRetitled: Wording(lambda e: f"岗位改称“{e.title}”", Rank.DETAIL),
    identity.PostPermissionsAssigned: Wording(lambda e: "调整岗位权限", Rank.DETAIL),
    identity.PostAbolished: Wording(lambda e: "撤销岗位", Rank.DETAIL),
    identity.TenureBegan: Wording(lambda e: "任职", Rank.DETAIL),
    identity.TenureEnded: Wording(lambda e: "免职", Rank.DETAIL),
    identity.SessionEnded: Wording(lambda e: "登录结束", Rank.DETAIL),
    identity.DelegationGranted: Wording(lambda e: "授权代办", Rank.DETAIL),
    identity.DelegationEnded: Wording(lambda e: "收回代办授权", Rank.DETAIL),
    identity.SigningKeyAnnounced: Wording(lambda e: "公布签名密钥", Rank.DETAIL),
    identity.SigningKeyWithdrawn: Wording(lambda e: "停用签名密钥", Rank.DETAIL),
}
