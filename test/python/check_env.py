"""Lets the checkers of Gymnasium and PettingZoo look at the environments of docs/examples/emulator_env.py.

Rule R26 of test/SPEC.md.
"""

import sys
import warnings

import gymnasium
import numpy as np
import pettingzoo
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import parallel_api_test

url, examples = sys.argv[1:]
# Beside the examples nothing is left.
sys.dont_write_bytecode = True
sys.path.insert(0, examples)

from emulator_env import CommunityEnv, HomesEnv  # noqa: E402

warnings.simplefilter("error")
env = CommunityEnv(url, homes=3)
check_env(env, skip_render_check=True)
print(f"R26: check_env passed with gymnasium {gymnasium.__version__}")


def live(env, seed):
    """All that is told of a day of random actions."""
    env.action_space.seed(seed)
    seen, _ = env.reset(seed=seed)
    told = [seen]
    rewards = []
    for step in range(96):
        seen, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        assert (terminated, truncated) == (False, step == 95), step
        told.append(seen)
        rewards.append(reward)
    return np.array(told), rewards


first, rewards = live(env, 7)
again, same = live(env, 7)
assert np.array_equal(first, again) and rewards == same
assert not np.array_equal(first, live(env, 8)[0])
assert np.abs(first[:, :, 3]).max() > 0.6, "nothing was exchanged"
assert np.allclose(first[:, :, 3].sum(axis=1), 0, atol=1e-5), "the bus is not balanced"
assert max(rewards) < 0
env.close()

homes = HomesEnv(url, homes=3)
parallel_api_test(homes, num_cycles=250)
homes.close()
print(f"R26: parallel_api_test passed with pettingzoo {pettingzoo.__version__}")
