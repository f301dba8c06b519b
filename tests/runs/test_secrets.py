"""What is taken for a secret, and what is left alone."""

import pytest

from toolkit.runs.secrets import (
    is_telling,
    redacted,
    redacted_arguments,
    without_credentials,
    without_secrets,
)

SECRET = "hunter2-und-mehr"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://token@host/x.git", "https://host/x.git"),
        ("https://u:p@host/x.git", "https://host/x.git"),
        ("https://u:p@ss@host/x.git", "https://host/x.git"),
        ("git@host:x.git", "git@host:x.git"),
        ("https://host/x.git?token=abc&depth=1", "https://host/x.git?token=***&depth=1"),
        ("https://host/?access_token=abc#top", "https://host/?access_token=***#top"),
        ("https://host/x.git?depth=1", "https://host/x.git?depth=1"),
        ("mail me@example.org", "mail me@example.org"),
    ],
)
def test_addresses(url: str, clean: str) -> None:
    assert without_credentials(url) == clean


@pytest.mark.parametrize(
    "text",
    [
        f"API_KEY={SECRET}",
        f'+WANDB_API_KEY = "{SECRET}"',
        f"password: {SECRET}",
        f"password: ein ganzer Satz {SECRET}",
        f'{{"password": "{SECRET}", "x": 1}}',
        f"client.login(password='{SECRET}')",
        f"aws_secret_access_key={SECRET}",
        f"--api-key {SECRET} --x",
        f"Authorization: Bearer {SECRET}",
        f"curl -H 'Authorization: Basic {SECRET}'",
        f"see https://me:{SECRET}@example.org/x",
        f"see https://example.org/x?token={SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n+{SECRET}\n+-----END RSA PRIVATE KEY-----",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n+{SECRET}\n",
    ],
)
def test_secrets_are_hidden(text: str) -> None:
    assert SECRET not in without_secrets(text)
    assert "***" in without_secrets(text) or "https://example.org/x" in without_secrets(text)


@pytest.mark.parametrize(
    "token",
    ["ghp_" + "a1" * 18, "github_pat_" + "A" * 30, "glpat-" + "x" * 20, "AKIA" + "Q7" * 8, "hf_" + "b" * 30],
)
def test_known_tokens_are_hidden_wherever_they_stand(token: str) -> None:
    assert without_secrets(f"clone with {token} now") == "clone with *** now"


@pytest.mark.parametrize(
    "text",
    [
        "tokenizer: {text_cleaning: {rules: [strip_spaces]}}",
        "lowercase_tokens: true",
        "max_tokens=5",
        "git@example.org:x.git",
        "toolkit tune experiments/base.yaml --set trainer.num_epochs=5",
        "key: value",
        "the secretary wrote",
    ],
)
def test_innocent_text_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_values_of_telling_variables_are_hidden_in_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", SECRET)
    monkeypatch.setenv("MY_PROXY", "http://me:other-secret@proxy:3128")
    monkeypatch.setenv("MY_REMOTE", "https://a-bare-token@example.org/x.git")
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "tokenizers")
    monkeypatch.setenv("SHORT_TOKEN", "main")
    assert without_secrets(f"said {SECRET}, other-secret, a-bare-token, tokenizers and main") == (
        "said ***, ***, ***, tokenizers and main"
    )


def test_arguments_of_a_command() -> None:
    given = ["tune", "--set", f"tracking.mine.password={SECRET} {SECRET}", "--token", SECRET, "--again"]
    assert redacted_arguments(given) == [
        "tune", "--set", "tracking.mine.password=***", "--token", "***", "--again",
    ]  # fmt: skip


def test_nested_values() -> None:
    given = {"mine": {"token": SECRET, "url": f"http://u:{SECRET}@x", "n": 1, "all": [f"secret={SECRET}"]}}
    assert redacted(given) == {"mine": {"token": "***", "url": "http://x", "n": 1, "all": ["secret=***"]}}


@pytest.mark.parametrize(
    ("name", "telling"),
    [("password", True), ("WANDB_API_KEY", True), ("a.token", True), ("tokenizer", False), ("key", False)],
)
def test_telling_names(name: str, telling: bool) -> None:
    assert is_telling(name) is telling
