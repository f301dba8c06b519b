import subprocess
import sys

import pytest

from toolkit.configuration.digest import canonical_json, code_digest, digest_of, search_id

SPEC = {"trainer": {"lr": {"loguniform": [0.001, 0.01]}}, "metric": "validation_loss"}
DATA = {"training": "aa", "validation": "bb"}


def test_the_order_of_keys_does_not_matter() -> None:
    assert digest_of({"a": 1, "b": [1.5, None]}) == digest_of({"b": [1.5, None], "a": 1})
    assert canonical_json({"b": 0.1, "a": "ä"}) == '{"a":"ä","b":0.1}'


@pytest.mark.parametrize("other", [{"metric": "validation_accuracy"}, {"trainer": {"lr": 0.001}}])
def test_another_search_has_another_id(other: dict[str, object]) -> None:
    assert search_id({**SPEC, **other}, DATA, "code") != search_id(SPEC, DATA, "code")


def test_other_data_or_code_gives_another_id() -> None:
    ids = {search_id(SPEC, DATA, "code"), search_id(SPEC, {**DATA, "validation": "cc"}, "code")}
    ids.add(search_id(SPEC, DATA, "other code"))
    assert len(ids) == 3
    assert all(len(name) == 12 and int(name, 16) >= 0 for name in ids)


def test_the_code_digest_is_the_same_in_every_process() -> None:
    code = "from toolkit.configuration.digest import code_digest; print(code_digest())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == code_digest()


def test_only_training_code_counts() -> None:
    assert code_digest(("nn",)) != code_digest(("text",))
    assert code_digest(("nn",)) == code_digest(("nn",))


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        digest_of(value)
