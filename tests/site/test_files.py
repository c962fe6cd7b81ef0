import subprocess
import sys
from pathlib import Path

from profiles_site.files import kept_secret, locked

ASK = "import pathlib, sys; from profiles_site.files import kept_secret; "
ASK += "print(kept_secret(pathlib.Path(sys.argv[1]), length=30))"


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "secret"
    secret = kept_secret(kept, length=30)
    assert len(secret) == 40
    assert kept_secret(kept, length=30) == secret
    assert kept.stat().st_mode & 0o777 == 0o600


def test_those_that_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(tmp_path / "secret")]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {process.communicate()[0] for process in asking}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 40


def test_a_lock_that_somebody_holds_is_not_had(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", exclusive=False), locked(tmp_path / "lock", exclusive=False) as is_shared:
        assert is_shared
        with locked(tmp_path / "lock", exclusive=True, wait=False) as is_had:
            assert not is_had
    with locked(tmp_path / "lock", exclusive=True, wait=False) as is_had:
        assert is_had
