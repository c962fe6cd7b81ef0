"""What a query string finds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from profiles.filters.profiles import ProfileFilter
from profiles.models import Identifier, Profile, PropertyDefinition, PropertyType, Workspace
from tests.conftest import Make

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CUSTOM = {
    "plan": PropertyType.CHOICE,
    "seats": PropertyType.INTEGER,
    "mrr": PropertyType.NUMBER,
    "trial": PropertyType.BOOLEAN,
    "renewal": PropertyType.DATE,
    "seen": PropertyType.DATETIME,
    "notes": PropertyType.TEXT,
    "colours": PropertyType.TEXT_LIST,
    "marks": PropertyType.NUMBER_LIST,
    "office": PropertyType.GEO,
    "1": PropertyType.TEXT,
    "a.b": PropertyType.TEXT,
}


@pytest.fixture
def people(acme: Workspace, globex: Workspace, make_profile: Make) -> Workspace:
    """Ann has everything, Bob something else, Cid nothing; Dan is in another workspace."""
    for workspace in (acme, globex):
        for key, type in CUSTOM.items():
            choices = ["free", "pro"] if type == PropertyType.CHOICE else []
            PropertyDefinition.objects.create(
                workspace=workspace, kind="custom", key=key, label=key.title(), type=type, choices=choices
            )
        workspace.schema_has_changed()
    ann: dict[str, Any] = {
        "name": "Ann Ångström",
        "email": "Ann@Example.com",
        "phone": "+4915112345678",
        "country": "DE",
        "birthday": "1990-06-01",
        "tags": ["VIP", "beta"],
        "channel__sms": "+4915112345678",
        "last_seen_at": "2026-06-10T23:30:00Z",
        "custom__plan": "pro",
        "custom__seats": 10,
        "custom__mrr": 12.5,
        "custom__trial": False,
        "custom__renewal": "2026-06-12",
        "custom__seen": "2026-06-14T22:30:00Z",
        "custom__notes": "100 % sure_thing \\o/",
        "custom__colours": ["red", "blue"],
        "custom__marks": [1, 2.5],
        "custom__office": {"lat": 1, "lon": 2},
        "custom__1": "one",
        "custom__a.b": "dotted",
    }
    make_profile("ann", **ann)
    make_profile(
        "bob",
        name="Bob",
        status="disabled",
        country="FR",
        tags=["beta"],
        custom__plan="free",
        custom__seats=9,
        custom__mrr=-1,
        custom__trial=True,
        custom__renewal="2025-01-01",
        custom__notes="plain",
        custom__colours=["green"],
    )
    make_profile("cid", environment="test")
    make_profile("dan", workspace=globex, **ann)
    return acme


def found(workspace: Workspace, query: str | dict[str, Any] | list[tuple[str, str]], **options: Any) -> str:
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    filtered = ProfileFilter(QueryDict(text), workspace=workspace, now=NOW, **options)
    assert not filtered.problems
    return " ".join(sorted(filtered.matching().values_list("distinct_id", flat=True)))


def rule(field: str, operator: str, *values: str) -> dict[str, Any]:
    return {"r1f": field, "r1o": operator, "r1v": values}


def problems(workspace: Workspace, query: str | dict[str, Any]) -> str:
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    filtered = ProfileFilter(QueryDict(text), workspace=workspace, now=NOW)
    assert not filtered.matching().exists()
    return " ".join(filtered.problems)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "ann bob cid"),
        ("q=", "ann bob cid"),
        ("status=active", "ann cid"),
        ("environment=test", "cid"),
        ("country=DE", "ann"),
        ("country=DE&country=FR", "ann bob"),
        ("tags=beta", "ann bob"),
        ("tags=BETA&tags=vip", "ann bob"),
        ("tags=beta&tags=vip&tags_match=all", "ann"),
        ("tags=vip&tags_match=none", "bob cid"),
        ("tags=unheard-of", ""),
        ("created_from=2200-01-01", ""),
        ("seen_from=2026-06-10&seen_to=2026-06-10", "ann"),
        ("seen_from=2026-06-11", ""),
        ("q=ngstr", "ann"),
        ("q=ÅNGS", "ann"),
        ("q=ann@ex", "ann"),
        ("q=5112345", "ann"),
        ("q=angström ann", ""),
        ("q=ÅNGSTRÖM  ann", "ann"),
        ("q=%2B49 (151) 123-45", "ann"),
        ("q=bo", "bob"),
        ("q=ob", ""),
        ("q=%25", ""),
        ("q=_nn", ""),
        ("sort=name&size=25&page=x&count=exact", "ann bob cid"),
    ],
)
def test_simple_filters(people: Workspace, query: str, names: str) -> None:
    assert found(people, query) == names


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


def test_another_identifier_finds_the_profile(people: Workspace) -> None:
    ann = Profile.objects.get(distinct_id="ann", workspace=people)
    Identifier.objects.create(id=ann.pk, profile=ann, kind="distinct_id", value="Formerly-X", created_at=NOW)
    assert found(people, "q=formerly") == "ann"
    assert found(people, "q=FO") == "ann"


def test_days_begin_in_the_operators_zone(people: Workspace) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert found(people, "seen_from=2026-06-11", zone=berlin) == "ann"
    assert found(people, rule("custom.seen", "is", "2026-06-15"), zone=berlin) == "ann"
    assert found(people, rule("custom.seen", "is", "2026-06-15T00:30"), zone=berlin) == "ann"


def test_a_value_of_another_type_is_neither_found_by_an_order_nor_an_error(people: Workspace) -> None:
    """Data may be older than the rules of its property."""
    ann = Profile.objects.filter(distinct_id="ann")
    for value in ("text", True, None, [1], {"a": 1}, "zzz"):
        ann.update(custom={"seats": value, "renewal": value if value != "text" else 20260101})
        for operator in ("gt", "gte", "lt", "lte"):
            assert "ann" not in found(people, rule("custom.seats", operator, "0"))
        for operator in ("before", "after"):
            assert "ann" not in found(people, rule("custom.renewal", operator, "2020-01-01"))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("contry=DE", "There is no filter “contry”."),
        ("status=foo", "foo is not one of the available choices"),
        ("status=active&status=disabled", "given more than once"),
        ("country=XX", "Country: Select a valid choice"),
        ("created_from=yesterday", "Created from: Enter a valid date"),
        ("created_from=0001-01-01", "Created from"),
        ("q=a%00b", "Null characters"),
        ("q=" + "x" * 1025, "at most 1024 characters"),
        ("tags=a%00b", "Null characters"),
        ("tags=a&tags_match=some", "Select a valid choice"),
        ("r1f=custom.nothing&r1o=is&r1v=1", "Rule 1: there is no property “custom.nothing”."),
        ("r1o=is&r1v=1", "Rule 1: choose a property."),
        ("r1f=custom.plan", "Rule 1: choose an operator for Plan."),
        ("r1f=custom.plan&r1o=gt&r1v=1", "Rule 1: “gt” does not fit Plan."),
        ("r1f=custom.plan&r1o=is", "Rule 1: Plan is: it needs a value."),
        ("r1f=custom.seats&r1o=gt&r1v=many", "“many” is not a number"),
        ("r1f=custom.seats&r1o=gt&r1v=1e400", "“1e400” is not a number"),
        ("r1f=custom.seats&r1o=between&r1v=1", "it needs two values"),
        ("r1f=custom.seats&r1o=is&r1v=1&r1v=2", "it takes 1 value, not 2"),
        ("r1f=custom.trial&r1o=is&r1v=maybe", "“maybe” is neither yes nor no"),
        ("r1f=custom.renewal&r1o=is&r1v=2026-02-30", "“2026-02-30” is not a date"),
        ("r1f=custom.seen&r1o=is&r1v=9999-12-31", "is not between"),
        ("created_from=2026-02-01&created_to=2026-01-31", "Created from is after Created up to."),
        ("updated_from=2026-02-01&updated_to=2026-01-31", "Updated from is after Updated up to."),
        ("seen_from=2026-02-01&seen_to=2026-01-31", "Last seen from is after Last seen up to."),
        (
            "r1f=custom.seats&r1o=between&r1v=500&r1v=5",
            "Seats is between: the first value is after the second",
        ),
        ("r1f=created_at&r1o=between&r1v=2026-02-01&r1v=2026-01-31", "the first value is after the second"),
        ("r1f=custom.seen&r1o=last_days&r1v=0", "“0” is not a number of days"),
        ("r1f=custom.notes&r1o=contains&r1v=a%00b", "NUL"),
        ("r1f=status&r1o=is&r1v=asleep", "“asleep” is none of active, disabled"),
        ("r1f=custom.plan&r1o=empty&r1v=x", "it takes no values"),
        ("r1f=name&r1o=is&r1v=a&r1g=x", "is not the number of a group"),
        ("r1f=name&r1o=is&r1v=a&match=some", "“match” is all or any"),
        ("r1f=name&r1o=is&r1v=a&g1=some", "“g1” is all or any"),
        ("r1f=name&r1f=email&r1o=is&r1v=a", "“r1f” is given more than once"),
        ("r100f=name&r100o=is&r100v=a", "There is no filter “r100f”"),
    ],
)
def test_what_is_not_understood_finds_nothing_and_says_why(
    people: Workspace, query: str, reason: str
) -> None:
    assert reason in problems(people, query)


def test_each_part_tells_its_words_and_the_query_without_it(people: Workspace) -> None:
    query = "q=ann&tags=vip&tags=beta&tags_match=none&country=DE&country=FR&created_from=2026-01-01&sort=name"
    filtered = ProfileFilter(
        QueryDict(f"{query}&r1f=custom.seats&r1o=between&r1v=1&r1v=5&page=x"), workspace=people
    )
    assert [part.label for part in filtered.parts] == [
        "Search: ann",
        "Tags: not vip or beta",
        "Country: Germany or France",
        "Created from 2026-01-01",
        "Seats is between 1 and 5",
    ]
    assert filtered.parts[-1].without == query
    assert "tags" not in filtered.parts[1].without
    assert "sort" not in filtered.query
    again = ProfileFilter(QueryDict(filtered.query), workspace=people)
    assert str(again.matching().query) == str(filtered.matching().query)


FREE, PRO = "r1f=custom.plan&r1o=is&r1v=free", "r2f=custom.plan&r2o=is&r2v=pro"
GERMANY = "r3f=country&r3o=is&r3v=de&r3g=2"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            f"{FREE}&{PRO}&g1=any&{GERMANY}",
            [("Plan is free or Plan is pro", GERMANY), ("Country is Germany", f"{FREE}&{PRO}&g1=any")],
        ),
        (f"{FREE}&{PRO}", [("Plan is free", PRO), ("Plan is pro", FREE)]),
        (f"{FREE}&match=any&g1=any", [("Plan is free", "match=any&g1=any")]),
        (f"{FREE}&{PRO}&{GERMANY}&match=any", [("(Plan is free and Plan is pro) or Country is Germany", "")]),
    ],
)
def test_rules_joined_by_or_are_one_part(
    people: Workspace, query: str, expected: list[tuple[str, str]]
) -> None:
    filtered = ProfileFilter(QueryDict(query), workspace=people)
    assert [(part.label, part.without) for part in filtered.parts] == expected


def test_a_part_of_which_one_is_enough_tells_them_apart(people: Workspace) -> None:
    query = f"{FREE}&{PRO}&g1=any&{GERMANY}&r4f=custom.trial&r4o=is&r4v=true&r4g=2&match=any"
    (part,) = ProfileFilter(QueryDict(query), workspace=people).parts
    assert [piece.label for piece in part.either] == [
        "Plan is free or Plan is pro",
        "Country is Germany and Trial is Yes",
    ]
    assert part.either[1].without == f"{FREE}&{PRO}&g1=any&match=any"


def test_last_days_end_at_the_given_moment(people: Workspace) -> None:
    later = NOW + timedelta(days=30)
    filtered = ProfileFilter(QueryDict("r1f=last_seen_at&r1o=last_days&r1v=5"), workspace=people, now=later)
    assert not filtered.matching().exists()
