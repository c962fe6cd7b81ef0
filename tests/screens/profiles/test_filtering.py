"""The filter panel and its rule builder, without JavaScript."""

import pytest
from django.test import Client

from profiles.models import Profile, PropertyDefinition, Workspace

URL = "/w/acme/profiles/filters/"
RULE = {"r1f": "city", "r1o": "contains", "r1v": "Lond", "r1g": "1"}


@pytest.fixture
def plan(acme: Workspace) -> PropertyDefinition:
    definition = PropertyDefinition.objects.create(
        workspace=acme, kind="custom", key="plan", label="Plan", type="choice", choices=["free", "pro"]
    )
    acme.schema_has_changed()
    return definition


def rows(client: Client, query: dict[str, str]) -> list[tuple[int, int, str, str, list[str], str]]:
    groups = client.get(URL, query).context["groups"]
    return [
        (group.number, row.number, row.path, row.operator, row.values, row.widget)
        for group in groups
        for row in group.rows
    ]


def test_it_begins_with_one_blank_rule(viewer_client: Client, acme: Workspace) -> None:
    assert rows(viewer_client, {}) == [(1, 1, "", "", [], "input")]


def test_adding_a_rule_keeps_everything_typed(viewer_client: Client, acme: Workspace) -> None:
    found = rows(viewer_client, {**RULE, "do": "add:1"})
    assert found == [(1, 1, "city", "contains", ["Lond"], "input"), (1, 2, "", "", [], "input")]


def test_adding_a_group_begins_it_with_a_rule(viewer_client: Client, acme: Workspace) -> None:
    assert rows(viewer_client, {**RULE, "do": "add-group"})[1][:2] == (2, 2)
    assert [row[:2] for row in rows(viewer_client, {"do": "add-group"})] == [(1, 1), (2, 2)]


def test_removing_a_rule_leaves_the_others(viewer_client: Client, acme: Workspace) -> None:
    both = {**RULE, "r2f": "name", "r2o": "is", "r2v": "x", "r2g": "2"}
    assert rows(viewer_client, {**both, "do": "remove:1"}) == [(2, 2, "name", "is", ["x"], "input")]


def test_another_property_brings_its_own_operators_and_widget(
    viewer_client: Client, plan: PropertyDefinition
) -> None:
    refreshed = {"r1f": "custom.plan", "r1o": "contains", "r1v": "Lond", "do": "refresh"}
    assert rows(viewer_client, refreshed) == [(1, 1, "custom.plan", "is", ["Lond"], "choice")]
    refreshed |= {"r1o": "one_of"}
    assert rows(viewer_client, refreshed)[0][-1] == "choices"
    assert rows(viewer_client, {"r1f": "birthday", "r1o": "between"})[0][-2:] == (["", ""], "pair")
    assert rows(viewer_client, {"r1f": "birthday", "r1o": "empty"})[0][-1] == "none"
    assert rows(viewer_client, {"r1f": "name", "r1o": "one_of"})[0][-1] == "lines"


def test_applying_goes_to_the_listing_without_blanks(viewer_client: Client, acme: Workspace) -> None:
    blank = {"status": "", "tags_match": "any", "r2f": "", "r2g": "1", "match": "all", "g1": "any"}
    answer = viewer_client.get(URL, {**RULE, **blank, "sort": "name", "do": "apply"})
    assert answer.status_code == 302
    assert answer["Location"] == (
        "/w/acme/profiles/?r1f=city&r1o=contains&r1v=Lond&r1g=1&match=all&g1=any&sort=name"
    )
    empty = viewer_client.get(URL, {**blank, "r1g": "1", "do": "apply"})
    assert empty["Location"] == "/w/acme/profiles/"


def test_errors_stand_beside_their_rule_and_on_top(viewer_client: Client, acme: Workspace) -> None:
    answer = viewer_client.get(URL, {"r1f": "birthday", "r1o": "is", "r1v": "soon"})
    assert answer.text.count("“soon” is not a date") == 2


def test_choices_of_the_panel_are_the_workspaces(viewer_client: Client, alice: Profile) -> None:
    text = viewer_client.get(URL, {"tags": "unheard-of"}).text
    assert 'value="vip"' in text
    assert 'value="unheard-of"' in text


def test_chosen_countries_stand_first(viewer_client: Client, acme: Workspace) -> None:
    text = viewer_client.get(URL, {"country": ["PT", "DE"]}).text
    places = [text.index(f'value="{code}"') for code in ("DE", "PT", "AF", "AL")]
    assert places == sorted(places)


def test_it_answers_htmx_with_the_panel_only(viewer_client: Client, acme: Workspace) -> None:
    answer = viewer_client.get(URL, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<form id="filter-panel"')


def test_an_outsider_finds_nothing(outsider_client: Client, acme: Workspace) -> None:
    assert outsider_client.get(URL).status_code == 404


def test_a_post_is_refused(viewer_client: Client, acme: Workspace) -> None:
    assert viewer_client.post(URL).status_code == 405
