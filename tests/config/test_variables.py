from tests.config.example import GOOD, SECRET, key_of, load, probe_of


def test_a_variable_that_the_yaml_uses_is_no_misspelt_setting() -> None:
    settings = load(GOOD.replace(SECRET, "${MONITOR_KEY}"), {"MONITOR_KEY": "abc"})

    assert key_of(settings) == "abc"


def test_a_secret_of_digits_stays_text() -> None:
    settings = load(GOOD.replace(SECRET, "${KEY}"), {"KEY": "012345"})

    assert key_of(settings) == "012345"


def test_a_variable_in_the_yaml_takes_the_type_of_its_field() -> None:
    settings = load(GOOD.replace("reader: customer", "count: '${N}'"), {"N": "5"})

    assert probe_of(settings, "flow").count == 5
