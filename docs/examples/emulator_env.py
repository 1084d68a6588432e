"""A community as an environment of reinforcement learning: of Gymnasium, and of PettingZoo with an agent a home.

    env = CommunityEnv("http://localhost:4390", homes=4)        # gymnasium.Env
    env = HomesEnv("http://localhost:4390", homes=4)            # pettingzoo.ParallelEnv

Each home waits (0), gives (1) or takes (2) 2 A at 350 V for 15 simulated minutes. It sees its charge (1 is full), the
sun's power, its demand and what comes from the DC grid [kW], and the time of the day as a point on a circle. Its reward
is what it did not take from the AC grid, the negative intake [kWh]. An episode is a day; reset begins simulated time
anew, which forgets the community's past: let each environment have a community of its own. The same seed and actions
come to the same bits.
"""

import http.client
import json
import math
import os
import time
import urllib.parse

import gymnasium
import numpy as np
import pettingzoo

STEP_S = 900
OBSERVED = ["stateOfChargePercent", "solarPowerW", "demandPowerW", "gridPowerW"]
LOW = np.array([0, 0, 0, -1000, -1, -1], dtype=np.float32)
HIGH = np.array([1, 1000, 1000, 1000, 1, 1], dtype=np.float32)


class _Community:
    """The homes of one community over HTTP."""

    def __init__(self, url, homes, episode_steps):
        self._url = urllib.parse.urlsplit(url)
        self._homes = homes
        self._episode_steps = episode_steps
        self._connection = None
        self.units = [f"E{number:03d}" for number in range(1, homes + 1)]

    def begin(self):
        self._ask("POST", "/time/hold")
        self._ask("POST", f"/restart?clock=start&units={self._homes}")
        self._modes = ["0x0000"] * self._homes
        waiting = [{"unit": unit, "set": {"mode": "0x0000", "dig": 0}} for unit in self.units]
        self._steps = 0
        return self._see(self._ask("POST", "/step", {"actions": waiting, "seconds": 0, "observe": OBSERVED}))

    def step(self, choices):
        """Observations, rewards of each home, and whether the episode is over."""
        wanted = [("0x0000", "0x0002", "0x0041")[int(choice)] for choice in choices]
        # The first that gives holds the bus, and carries what the others leave.
        if "0x0002" in wanted:
            wanted[wanted.index("0x0002")] = "0x0014"
        changed = [index for index, mode in enumerate(wanted) if mode != self._modes[index]]
        # Who holds the bus is there before the one before goes.
        changed.sort(key=lambda index: wanted[index] != "0x0014")
        actions = [
            {"unit": self.units[index], "set": {"mode": wanted[index], "dvg": 350, "dig": 0 if wanted[index] == "0x0000" else 2}}
            for index in changed
        ]
        body = {"expectS": self._time_s, "actions": actions, "seconds": STEP_S, "observe": OBSERVED}
        told = self._ask("POST", "/step", body)
        self._modes = wanted
        self._steps += 1
        rewards = [-wh / 1000 for wh in told["energies"]["acIntakeWh"]]
        return self._see(told), rewards, told["ended"] or self._steps >= self._episode_steps

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _see(self, told):
        self._time_s = told["timeS"]
        angle = 2 * math.pi * (self._time_s % 86_400) / 86_400
        columns = [told["observations"][name] for name in OBSERVED]
        rows = [
            [charge / 100, sun / 1000, demand / 1000, grid / 1000, math.sin(angle), math.cos(angle)]
            for charge, sun, demand, grid in zip(*columns)
        ]
        return np.clip(np.array(rows, dtype=np.float32), LOW, HIGH)

    def _ask(self, method, path, body=None):
        if self._connection is None:
            secure = self._url.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(self._url.netloc, timeout=60)
        headers = {"content-type": "application/json"}
        if "APIS_EMULATOR_KEY" in os.environ:
            headers["authorization"] = f"Bearer {os.environ['APIS_EMULATOR_KEY']}"
        while True:
            text = None if body is None else json.dumps(body)
            self._connection.request(method, self._url.path.rstrip("/") + path, text, headers)
            response = self._connection.getresponse()
            answer = json.loads(response.read())
            if response.status == 200:
                return answer
            if response.status != 503 or not response.headers.get("retry-after"):
                raise RuntimeError(answer["error"]["message"])
            time.sleep(float(response.headers["retry-after"]))


class CommunityEnv(gymnasium.Env):
    """One agent for all homes."""

    metadata = {"render_modes": []}

    def __init__(self, url, homes=4, episode_steps=96):
        self._community = _Community(url, homes, episode_steps)
        self.action_space = gymnasium.spaces.MultiDiscrete([3] * homes)
        self.observation_space = gymnasium.spaces.Box(np.tile(LOW, (homes, 1)), np.tile(HIGH, (homes, 1)))
        self.render_mode = None

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._community.begin(), {}

    def step(self, action):
        seen, rewards, is_over = self._community.step(action)
        return seen, float(sum(rewards)), False, is_over, {}

    def close(self):
        self._community.close()


class HomesEnv(pettingzoo.ParallelEnv):
    """An agent a home."""

    metadata = {"render_modes": [], "name": "homes_v0"}

    def __init__(self, url, homes=4, episode_steps=96):
        self._community = _Community(url, homes, episode_steps)
        self.possible_agents = self._community.units
        self.agents = []
        self.render_mode = None
        self._observed = {agent: gymnasium.spaces.Box(LOW, HIGH) for agent in self.possible_agents}
        self._actions = {agent: gymnasium.spaces.Discrete(3) for agent in self.possible_agents}

    def observation_space(self, agent):
        return self._observed[agent]

    def action_space(self, agent):
        return self._actions[agent]

    def reset(self, seed=None, options=None):
        self.agents = list(self.possible_agents)
        return self._tell(self._community.begin()), self._all({})

    def step(self, actions):
        choices = [actions.get(agent, 0) for agent in self.possible_agents]
        seen, rewards, is_over = self._community.step(choices)
        told = (
            self._tell(seen),
            dict(zip(self.possible_agents, rewards)),
            self._all(False),
            self._all(is_over),
            self._all({}),
        )
        if is_over:
            self.agents = []
        return told

    def close(self):
        self._community.close()

    def _tell(self, seen):
        return dict(zip(self.possible_agents, seen))

    def _all(self, value):
        return {agent: value for agent in self.possible_agents}
