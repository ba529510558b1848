"""Counts of the explorer computed a second time, by DuckDB over the tables."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

import duckdb

from analysis.estimates.of_models import COLUMNS, estimate_of_row
from analysis.questions.tables import Tables
from mining.paths import Processed

GRAMS = (
    ("under 1 g", 1e0),
    ("1 g to 100 g", 1e2),
    ("100 g to 1 kg", 1e3),
    ("1 kg to 10 kg", 1e4),
    ("10 kg to 100 kg", 1e5),
    ("100 kg to 1 t", 1e6),
    ("1 t to 10 t", 1e7),
    ("10 t to 100 t", 1e8),
)
State = dict[str, list[str]]


def truth(models: str, levels: Mapping[str, str], routes: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """A connection with the table ``truth``: one row a model, its name and a list of values for each facet.

    Args:
        models: Path of models.parquet.
        levels: Level of every model by its key.
        routes: Route of the estimate of every model that has one, by its key.
    """
    connection = duckdb.connect()
    connection.execute("CREATE TABLE levels (model_key VARCHAR, level VARCHAR)")
    keys = list(levels)
    connection.execute("INSERT INTO levels SELECT unnest(?), unnest(?)", [keys, [levels[key] for key in keys]])
    connection.execute("CREATE TABLE routes (model_key VARCHAR, route VARCHAR)")
    connection.execute("INSERT INTO routes SELECT unnest(?), unnest(?)", [list(routes), list(routes.values())])
    amount = " ".join(f"WHEN emissions_gco2e < {end} THEN '{words}'" for words, end in GRAMS)
    connection.execute(
        f"""CREATE TABLE truth AS SELECT coalesce(model_id, name) AS name, [level] AS level, [emissions_outcome] AS
        outcome,
        [CASE WHEN emissions_gco2e IS NULL THEN 'none' WHEN emissions_gco2e = 0 THEN 'zero' {amount} ELSE
        '100 t and more' END] AS emissions,
        [coalesce(emissions_unit_status, 'none')] AS unit,
        CASE WHEN len(emissions_flags) > 0 THEN list_distinct(emissions_flags) ELSE ['none'] END AS flag,
        [coalesce(domain, 'not-known')] AS domain, [coalesce(library, 'not-known')] AS library,
        [coalesce(generator, 'not-known')] AS generator, [coalesce(parameters_class, 'not-known')] AS size,
        [coalesce(license, 'not stated')] AS licence, [coalesce(year_month, 'not-known')] AS month,
        [coalesce(route, 'none')] AS route
        FROM '{models}' JOIN levels USING (model_key) LEFT JOIN routes USING (model_key)"""
    )
    return connection


def facets_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for name, *_ in connection.execute("DESCRIBE truth").fetchall() if name != "name"]


def values_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Values of every facet, sorted."""
    return {
        facet: [
            value
            for (value,) in connection.execute(f"SELECT DISTINCT unnest({facet}) FROM truth ORDER BY 1").fetchall()
        ]
        for facet in facets_of(connection)
    }


def counts(connection: duckdb.DuckDBPyConnection, state: State) -> dict[str, dict[str, int]]:
    """Models by value of every facet under all other filters, and in all (under ``""``)."""

    def where(but: str) -> tuple[str, list[object]]:
        parts: list[str] = ["true"]
        values: list[object] = []
        for name, chosen in state.items():
            if name == "q":
                for word in chosen[0].lower().split():
                    parts.append("contains(lower(name), ?)")
                    values.append(word)
            elif name != but:
                parts.append(f"list_has_any({name}, ?)")
                values.append(chosen)
        return " AND ".join(parts), values

    found: dict[str, dict[str, int]] = {}
    for facet in facets_of(connection):
        condition, values = where(facet)
        sql = f"SELECT value, count(*) FROM (SELECT unnest({facet}) AS value FROM truth WHERE {condition}) GROUP BY 1"
        found[facet] = dict(connection.execute(sql, values).fetchall())
    condition, values = where("")
    total = connection.execute(f"SELECT count(*) FROM truth WHERE {condition}", values).fetchone()
    found[""] = {"": total[0] if total else 0}
    return found


def random_states(values: Mapping[str, Sequence[str]], words: Sequence[str], n: int, seed: int = 1) -> Iterator[State]:
    """States of one to four filters, a third of them with a search."""
    draw = random.Random(seed)
    for _ in range(n):
        state: State = {}
        for facet in draw.sample(sorted(values), draw.randint(1, 4)):
            state[facet] = draw.sample(values[facet], min(len(values[facet]), draw.randint(1, 6)))
        if draw.random() < 1 / 3:
            state["q"] = [draw.choice(words)]
        yield state


def address(state: State) -> str:
    """The state as the part of an address behind ``#``."""
    return urlencode([(name, value) for name, chosen in state.items() for value in chosen])


READ = """(() => {
  const { facets, counts } = hfCarbon, now = counts();
  const found = { "": { "": now.total } };
  facets.forEach((facet, place) => {
    found[facet.id] = {};
    facet.values.forEach((value, code) => { if (now.facets[place][code]) found[facet.id][value] =
    now.facets[place][code]; });
  });
  return found;
})()"""
"""What the page counts, in the shape of :func:`counts`."""

GO = """new Promise((done) => {
  addEventListener("hashchange", () => done(true), { once: true });
  location.hash = %s;
})"""
"""Shows a state; the page's own listener is older, so that it has counted when this one is called."""


def routes_of(processed: Processed) -> dict[str, str]:
    """Routes by the questions' own way: a frame of those that state hardware, row by row."""
    sql = f"SELECT {', '.join(COLUMNS)} FROM models WHERE hardware IS NOT NULL"
    with Tables(processed) as tables:
        frame = tables.query(sql)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    found = {row["model_key"]: estimate_of_row(row)[1].route for row in rows}
    return {key: route for key, route in found.items() if route}
