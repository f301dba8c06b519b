"""Cursors: one a store, and which of them is that of the search's own store."""

from toolkit.trackers.cursor import Cursor, Cursors

OWN, TEAM, LATER = Cursor(5, "laptop"), Cursor(7, "team", closed=True), Cursor(9, "laptop", closed=True)


def test_another_own_store_keeps_the_place_of_the_one_before() -> None:
    """MLFLOW_TRACKING_URI was set for a while."""
    away = Cursors(OWN).with_own(TEAM)
    assert away == Cursors(TEAM, (OWN,))
    assert away.at("laptop") == OWN
    assert away.with_own(LATER) == Cursors(LATER, (TEAM,))


def test_another_store_leaves_the_own_one_alone() -> None:
    both = Cursors(OWN).with_other(Cursor(1, "team")).with_other(TEAM)
    assert both == Cursors(OWN, (TEAM,))
    assert both.with_own(LATER) == Cursors(LATER, (TEAM,))


def test_the_own_store_by_another_way_is_the_own_store() -> None:
    assert Cursors(OWN, (TEAM,)).with_other(LATER) == Cursors(LATER, (TEAM,))


def test_a_store_that_has_nothing_is_at_the_beginning() -> None:
    assert Cursors(OWN).at("team") == Cursor(0, "team")
    assert Cursors().with_own(OWN) == Cursors(OWN)
