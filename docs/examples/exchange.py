"""A client of the emulator in the standard library alone, and the strategy of exchange.js over it.

    python3 docs/examples/exchange.py http://localhost:4390 --days 7

Who has more than 80 % gives 700 W to who has less than 50 %, until either comes to 60 %. It comes to the same bits as
the strategy over the package or by `simulate --strategy docs/examples/exchange.js`. A community of a hosted emulator has
its key in APIS_EMULATOR_KEY.
"""

import argparse
import http.client
import json
import os
import time
import urllib.parse


class Refused(Exception):
    """The emulator refused a request, and says why."""


class Emulator:
    """One community, on one connection that stays open."""

    def __init__(self, url, key=None):
        self._url = urllib.parse.urlsplit(url)
        self._headers = {"content-type": "application/json"}
        if key:
            self._headers["authorization"] = f"Bearer {key}"
        self._connection = None

    def ask(self, path, body=None):
        """The answer of a path: a read, or with a body a command. Waits while the community catches up."""
        while True:
            response, text = self._send(path, body)
            if response.status == 503 and response.headers.get("retry-after"):
                time.sleep(float(response.headers["retry-after"]))
                continue
            if response.status != 200:
                raise Refused(json.loads(text)["error"]["message"])
            return json.loads(text)

    def step(self, expect_s, **step):
        """Takes a step that begins at simulated second `expect_s`, once, even if its answer is lost on the way."""
        try:
            return self.ask("/step", {"expectS": expect_s, **step})
        except OSError:
            if self.ask("/time")["timeS"] != expect_s:
                raise
            return self.ask("/step", {"expectS": expect_s, **step})

    def _send(self, path, body):
        if self._connection is None:
            secure = self._url.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(self._url.netloc, timeout=60)
        try:
            method = "GET" if body is None else "POST"
            text = None if body is None else json.dumps(body)
            self._connection.request(method, self._url.path.rstrip("/") + path, text, self._headers)
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._connection = None
            raise OSError(f"No answer from {self._url.netloc}: {error}") from error


WAITING, DISCHARGING, AUTONOMOUS, CHARGING = 0x0000, 0x0002, 0x0014, 0x0041


def decide(units, charge_percent, mode):
    """What to do now, given the charge of each unit [%] and the mode of its converter."""
    homes = [{"unit": u, "charge": c, "mode": int(m)} for u, c, m in zip(units, charge_percent, mode)]

    def gives(home):
        return home["mode"] in (AUTONOMOUS, DISCHARGING)

    def takes(home):
        return home["mode"] == CHARGING

    givers = [home for home in homes if home["charge"] > (60 if gives(home) else 80)]
    givers.sort(key=lambda home: (not gives(home), -home["charge"]))
    takers = [home for home in homes if home["charge"] < (60 if takes(home) else 50)]
    takers.sort(key=lambda home: (not takes(home), home["charge"]))
    pairs = min(len(givers), len(takers))
    giving, taking = givers[:pairs], takers[:pairs]
    reference = next((home for home in giving if home["mode"] == AUTONOMOUS), giving[0] if giving else None)
    actions = []

    def wanted(home):
        if home is reference:
            return AUTONOMOUS
        return DISCHARGING if home in giving else CHARGING if home in taking else WAITING

    def change(home):
        if home["mode"] != wanted(home):
            values = {"mode": f"0x{wanted(home):04x}", "dvg": 350, "dig": 0 if wanted(home) == WAITING else 2}
            actions.append({"unit": home["unit"], "set": values})

    def takers_of(mode):
        return 1 if mode == CHARGING else -1 if mode == DISCHARGING else 0

    def effect(home):
        return takers_of(wanted(home)) - takers_of(home["mode"])

    # Who holds the bus is there before the one before goes, which goes last. The reference carries what others leave, so the
    # order is such that it never has to take and gives little more than one taker needs.
    if reference is not None:
        change(reference)
    others = [home for home in homes if home is not reference]
    carried = sum(takers_of(home["mode"]) for home in others)
    changing = [home for home in others if home["mode"] != wanted(home)]
    more = [home for home in changing if effect(home) > 0]
    less = [home for home in changing if effect(home) <= 0]
    less.sort(key=lambda home: home["mode"] == AUTONOMOUS)
    while more or less:
        home = (less if not more or (less and carried > 1) else more).pop(0)
        carried += effect(home)
        change(home)
    return actions


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="the community's address")
    parser.add_argument("--days", type=float, default=1, help="simulated days")
    options = parser.parse_args()
    emulator = Emulator(options.url, os.environ.get("APIS_EMULATOR_KEY"))
    observe = ["stateOfChargePercent", "converterMode"]
    now = emulator.ask("/step", {"seconds": 0, "observe": observe})
    until_s = now["timeS"] + options.days * 86_400
    while now["timeS"] < until_s and not now["ended"]:
        seen = now["observations"]
        actions = decide(now["units"], seen["stateOfChargePercent"], seen["converterMode"])
        now = emulator.step(now["timeS"], actions=actions, seconds=900, observe=observe)
    print(json.dumps({"timeS": now["timeS"], "ledger": now["ledger"]}))


if __name__ == "__main__":
    main()
