"""Changes at a Zendesk and here at once, with all that can go wrong: in the end both agree."""

from pathlib import Path

import pytest

from tests.connections.sync.zendesk_trial import run


@pytest.mark.parametrize("seed", [1, 2])
def test_in_the_end_a_zendesk_and_the_desk_agree(tmp_path: Path, seed: int) -> None:
    done, differences = run(tmp_path, 60, seed=seed, deaths=0.03)
    assert differences == []
    assert done["changes"] >= 60
    assert done["sent"] > 0
