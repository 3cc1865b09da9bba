"""The order of a bundle's matters, and the path that its clock follows."""

from uuid import UUID

from services.affairs.domain.bundle_contents import PartContent, form_conflicts, merged_materials
from services.affairs.domain.bundles import Part, blocked_parts, later_by, longest_path, order_faults
from services.affairs.domain.materials import MaterialRule, Provider

A, B, C, D = (UUID(int=at) for at in range(1, 5))
PARTS = [
    Part(matter_id=A, days=5),
    Part(matter_id=B, days=9),
    Part(matter_id=C, days=6, after=(A,)),
    Part(matter_id=D, days=1, after=(B, C)),
]


def test_the_longest_path_is_the_largest_sum_along_the_order() -> None:
    assert longest_path(PARTS) == (12, (A, C, D))
    assert longest_path([]) == (0, ())


def test_what_rests_makes_the_whole_later_as_far_as_its_path_becomes_the_longest() -> None:
    assert later_by(PARTS, {}) == 0
    assert later_by(PARTS, {A: 3}) == 3
    # B has two days to spare, and rests beside A.
    assert later_by(PARTS, {B: 4}) == 0
    assert later_by(PARTS, {B: 5, A: 1}) == 1
    assert later_by(PARTS, {A: 2, C: 2, B: 9}) == 5


def test_what_waits_for_something_refused_is_blocked_however_far_behind() -> None:
    assert blocked_parts(PARTS, [A]) == [C, D]
    assert blocked_parts(PARTS, []) == []


def test_a_circle_or_a_stranger_in_the_order_is_told() -> None:
    assert order_faults(PARTS) == {}
    assert list(order_faults([*PARTS, Part(matter_id=A)])) == ["parts.0", "parts.4"]
    assert list(order_faults([Part(matter_id=A, after=(D,)), Part(matter_id=B)])) == ["parts.0"]
    assert list(order_faults([Part(matter_id=A, after=(B,)), Part(matter_id=B, after=(A,))])) == ["parts"]
    assert list(order_faults([Part(matter_id=A)])) == ["parts"]


def content(matter_id: UUID, kind: str, **rule: object) -> PartContent:
    form = {"type": "object", "properties": {"x": {"type": kind, "title": str(matter_id)}}}
    made = MaterialRule(code="M", **{"name": "申请表", **rule})  # type: ignore[arg-type]
    return PartContent(matter_id=matter_id, name=str(matter_id), form=form, rules=(made,))


def test_forms_that_take_a_field_differently_cannot_be_one() -> None:
    assert form_conflicts([content(A, "string"), content(B, "string")]) == {}
    assert list(form_conflicts([content(A, "string"), content(B, "integer")])) == ["form.x"]


def test_what_one_department_provides_is_asked_of_nobody() -> None:
    parts = [content(A, "string", may_defer=True), content(B, "string", name="申 请表")]
    (merged,) = merged_materials(parts)
    assert (merged["saved"], merged["may_defer"], merged["provided_by"]) == (1, False, "applicant")
    held = content(C, "string", provided_by=Provider.DEPARTMENT)
    assert merged_materials([*parts, held])[0]["provided_by"] == "department"
