"""What a query string finds, and what it says of itself."""

from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from profiles.filters.profiles import ProfileFilter
from profiles.models import Identifier, Profile, Workspace
from tests.filters.conftest import NOW, found, problems, rule


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
