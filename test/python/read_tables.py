"""Reads what the emulator at the address given tells, as people do with pandas, and checks it.

Rule R20 of test/SPEC.md.
"""

import json
import sys
import urllib.request

import pandas as pd

url = sys.argv[1]


def get_json(path: str):
    with urllib.request.urlopen(url + path) as response:
        return json.load(response)


def is_date(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column)


def check_readings() -> None:
    frame = pd.read_csv(f"{url}/data/output/indivLog.csv", parse_dates=["time"])
    assert is_date(frame["time"]), frame.dtypes
    first = frame.loc[frame["id"] == "E001"]
    assert len(first) > 96, len(first)
    assert set(first["oesunit_id"]) == {"Sample_E001"}
    assert set(frame["id"]) == {"E001", "E002", "E003"}
    values = frame.drop(columns=["id", "time", "oesunit_id"])
    assert all(pd.api.types.is_numeric_dtype(values[name]) for name in values), frame.dtypes
    daily = first.set_index("time")["emu_rsoc"].resample("1D").mean()
    assert daily.index[0] == pd.Timestamp("2020-01-01") and daily.notna().all()


def check_summary() -> None:
    path = f"{url}/data/output/summary.csv"
    days = pd.read_csv(path, skipfooter=2, engine="python", parse_dates=["time"])
    assert is_date(days["time"]), days.dtypes
    assert days["time"].iloc[0] == pd.Timestamp("2020-01-01")
    whole = pd.read_csv(path, index_col="time")
    assert list(whole.index[-2:]) == ["sum", "avg"]
    assert abs(whole.loc["sum", "demand"] - days["demand"].sum()) < 1e-6


def check_commands() -> None:
    frame = pd.read_csv(f"{url}/commands?format=csv", parse_dates=["time", "wall_time"])
    assert is_date(frame["time"]) and is_date(frame["wall_time"]), frame.dtypes
    start = pd.Timestamp("2020-01-01")
    told = (frame["time"] - start).dt.total_seconds()
    assert (told == frame["time_s"]).all(), frame
    assert len(frame) >= 3


def check_history() -> None:
    days = pd.read_csv(f"{url}/data/output/summary.csv", skipfooter=2, engine="python", parse_dates=["time"])
    lasting = {}
    for path in ["/history?unit=E001&resolution=3600", "/history?resolution=3600"]:
        frame = pd.DataFrame(get_json(path)).astype({"time": "datetime64[s]"}).set_index("time")
        assert frame.index[0] == pd.Timestamp("2020-01-01") and frame.index[1] == pd.Timestamp("2020-01-01 01:00")
        assert (frame["rsocMin"] <= frame["rsoc"]).all() and (frame["rsoc"] <= frame["rsocMax"]).all()
        lasting[path] = frame["demandW"] * frame["lengthS"] / 3600
    daily = lasting["/history?resolution=3600"].resample("1D").sum()
    for _, day in days.iterrows():
        assert abs(daily[day["time"]] - day["demand"]) < 0.01, (daily, days)
    heat = get_json("/history?map=rsoc&resolution=3600")
    table = pd.DataFrame(heat["rsocMax"], index=pd.to_datetime(heat["time"]), columns=heat["units"])
    assert list(table.columns) == ["E001", "E002", "E003"] and table.max().max() <= 100


for check in [check_readings, check_summary, check_commands, check_history]:
    check()
    print(f"R20: {check.__name__} passed with pandas {pd.__version__}")
