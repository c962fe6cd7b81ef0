"""Whom rules on properties find."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from profiles.filters.profiles import ProfileFilter
from profiles.models import Profile, Workspace
from tests.filters.conftest import NOW, found, rule


@pytest.mark.parametrize(
    ("field", "operator", "values", "names"),
    [
        ("custom.plan", "is", ["pro"], "ann"),
        ("custom.plan", "is_not", ["pro"], "bob cid"),
        ("custom.plan", "one_of", ["pro", "free"], "ann bob"),
        ("custom.plan", "one_of", ["pro\nfree"], "ann bob"),
        ("custom.plan", "not_one_of", ["pro", "free"], "cid"),
        ("custom.plan", "empty", [], "cid"),
        ("custom.plan", "not_empty", [], "ann bob"),
        ("custom.notes", "contains", ["SURE_"], "ann"),
        ("custom.notes", "contains", ["%"], "ann"),
        ("custom.notes", "contains", ["\\o"], "ann"),
        ("custom.notes", "not_contains", ["sure"], "bob cid"),
        ("custom.notes", "starts", ["Pla"], "bob"),
        ("custom.notes", "ends", ["AIN"], "bob"),
        ("custom.notes", "is", ["plain"], "bob"),
        ("custom.seats", "is", ["10"], "ann"),
        ("custom.seats", "is", ["10.0"], "ann"),
        ("custom.seats", "gt", ["9"], "ann"),
        ("custom.seats", "gte", ["9"], "ann bob"),
        ("custom.seats", "lt", ["10"], "bob"),
        ("custom.seats", "lte", ["10"], "ann bob"),
        ("custom.mrr", "between", ["-5", "12.5"], "ann bob"),
        ("custom.mrr", "one_of", ["12.50", "7"], "ann"),
        ("custom.trial", "is", ["no"], "ann"),
        ("custom.trial", "is_not", ["no"], "bob cid"),
        ("custom.renewal", "is", ["2026-06-12"], "ann"),
        ("custom.renewal", "is_not", ["2026-06-12"], "bob cid"),
        ("custom.renewal", "before", ["2026-06-12"], "bob"),
        ("custom.renewal", "after", ["2026-06-12"], ""),
        ("custom.renewal", "after", ["2026-06-11"], "ann"),
        ("custom.renewal", "between", ["2026-06-12", "2026-06-12"], "ann"),
        ("custom.renewal", "last_days", ["3"], ""),
        ("custom.renewal", "last_days", ["4"], "ann"),
        ("custom.seen", "is", ["2026-06-14"], "ann"),
        ("custom.seen", "is_not", ["2026-06-14"], "bob cid"),
        ("custom.seen", "is", ["2026-06-14T22:30"], "ann"),
        ("custom.seen", "before", ["2026-06-14T22:30"], ""),
        ("custom.seen", "after", ["2026-06-14T22:29:59"], "ann"),
        ("custom.seen", "last_days", ["1"], "ann"),
        ("custom.colours", "has", ["red"], "ann"),
        ("custom.colours", "has_not", ["red"], "bob cid"),
        ("custom.colours", "has_any", ["red", "green"], "ann bob"),
        ("custom.colours", "empty", [], "cid"),
        ("custom.marks", "has", ["2.5"], "ann"),
        ("custom.office", "not_empty", [], "ann"),
        ("custom.1", "is", ["one"], "ann"),
        ("custom.1", "starts", ["on"], "ann"),
        ("custom.a.b", "is", ["dotted"], "ann"),
        ("channel.sms", "starts", ["+49"], "ann"),
        ("channel.sms", "is", ["+49 151 12345678"], "ann"),
        ("channel.sms", "empty", [], "bob cid"),
        ("name", "contains", ["ÅNGSTRÖM"], "ann"),
        ("name", "empty", [], "cid"),
        ("email", "is", ["ann@EXAMPLE.com"], "ann"),
        ("email", "is_not", ["ann@example.com"], "bob cid"),
        ("email", "ends", ["@example.com"], "ann"),
        ("phone", "is", ["+49 (151) 1234-5678"], "ann"),
        ("country", "one_of", ["de", "fr"], "ann bob"),
        ("country", "empty", [], "cid"),
        ("birthday", "before", ["1990-06-02"], "ann"),
        ("birthday", "is_not", ["1990-06-01"], "bob cid"),
        ("birthday", "empty", [], "bob cid"),
        ("distinct_id", "is", ["cid"], "cid"),
        ("distinct_id", "starts", ["B"], "bob"),
        ("status", "is", ["disabled"], "bob"),
        ("environment", "is_not", ["live"], "cid"),
        ("tags", "has", ["vip"], "ann"),
        ("tags", "has_not", ["vip"], "bob cid"),
        ("tags", "empty", [], "cid"),
        ("sources", "has", ["console"], "ann bob cid"),
        ("last_seen_at", "empty", [], "bob cid"),
        ("last_seen_at", "last_days", ["5"], "ann"),
        ("created_at", "before", ["2020-01-01"], ""),
    ],
)
def test_rules(people: Workspace, field: str, operator: str, values: list[str], names: str) -> None:
    assert found(people, rule(field, operator, *values)) == names


def test_rules_join_in_groups(people: Workspace) -> None:
    either = {
        "r1f": "custom.plan",
        "r1o": "is",
        "r1v": "pro",
        "r2f": "custom.plan",
        "r2o": "is",
        "r2v": "free",
    }
    assert found(people, either) == ""
    assert found(people, either | {"g1": "any"}) == "ann bob"
    assert found(people, either | {"r2g": "2", "match": "any"}) == "ann bob"
    third = {"r3f": "country", "r3o": "is", "r3v": "FR", "r3g": "2"}
    assert found(people, either | {"g1": "any"} | third) == "bob"
    assert found(people, either | {"g1": "any", "status": "active"}) == "ann"


def test_a_blank_rule_does_not_count(people: Workspace) -> None:
    assert found(people, "r1f=&r1o=&r1v=&r1g=1&match=any") == "ann bob cid"


def test_a_value_of_another_type_is_neither_found_by_an_order_nor_an_error(people: Workspace) -> None:
    """Data may be older than the rules of its property."""
    ann = Profile.objects.filter(distinct_id="ann")
    for value in ("text", True, None, [1], {"a": 1}, "zzz"):
        ann.update(custom={"seats": value, "renewal": value if value != "text" else 20260101})
        for operator in ("gt", "gte", "lt", "lte"):
            assert "ann" not in found(people, rule("custom.seats", operator, "0"))
        for operator in ("before", "after"):
            assert "ann" not in found(people, rule("custom.renewal", operator, "2020-01-01"))


def test_last_days_end_at_the_given_moment(people: Workspace) -> None:
    later = NOW + timedelta(days=30)
    filtered = ProfileFilter(QueryDict("r1f=last_seen_at&r1o=last_days&r1v=5"), workspace=people, now=later)
    assert not filtered.matching().exists()
