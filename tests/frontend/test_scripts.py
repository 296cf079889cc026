import time

import pytest

from monitor.frontend.scripts import imports_of, scripts_of_page

PAGE = "https://example.com/app/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param('<script src="/a.js"></script>', ["https://example.com/a.js"], id="script"),
        pytest.param("<SCRIPT type=module crossorigin src=a.js>", ["https://example.com/app/a.js"], id="bare"),
        pytest.param("<link rel='modulepreload' href='/b.js'>", ["https://example.com/b.js"], id="preloaded module"),
        pytest.param('<link as="script" href="/b.js" rel="preload">', ["https://example.com/b.js"], id="preload"),
        pytest.param(
            '<script src="https://cdn.example/c.js?v=1&amp;w=2#x">', ["https://cdn.example/c.js?v=1&w=2"], id="cdn"
        ),
        pytest.param('<base href="/"><script src="a.js">', ["https://example.com/a.js"], id="base"),
        pytest.param('<script src="/a.js"></script><script src="/a.js">', ["https://example.com/a.js"], id="once"),
        pytest.param('<link rel="stylesheet" href="/a.css"><link rel="preload" as="font" href="/f">', [], id="others"),
        pytest.param(
            '<!-- <script src="/old.js"></script> --><script src="/a.js">', ["https://example.com/a.js"], id="comment"
        ),
        pytest.param('<!-- never ends <script src="/a.js">', [], id="comment without end"),
        pytest.param('<script data-src="/lazy.js"></script><script>go()</script>', [], id="no address"),
        pytest.param('<script src="data:text/javascript,1"><script src="http://[">', [], id="no address to ask"),
    ],
)
def test_finds_the_scripts_of_a_page(html: str, expected: list[str]) -> None:
    assert list(scripts_of_page(html, PAGE)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param('import{a as b}from"./chunk-1a2b.js";', ["https://example.com/assets/chunk-1a2b.js"], id="static"),
        pytest.param('import "../x.js"', ["https://example.com/x.js"], id="for its effects"),
        pytest.param('const a=()=>import("./Chat-9f.js")', ["https://example.com/assets/Chat-9f.js"], id="later"),
        pytest.param("export*from'/y.mjs?v=2'", ["https://example.com/y.mjs?v=2"], id="handed on"),
        pytest.param("import(`./t.js`)", ["https://example.com/assets/t.js"], id="template"),
        pytest.param('import r from"react";import"./a.css"', [], id="neither a path nor a script"),
        pytest.param("import(`./${name}.js`);x.from('./a.js')", [], id="put together while running"),
    ],
)
def test_finds_what_a_script_imports(script: str, expected: list[str]) -> None:
    assert list(imports_of(script, "https://example.com/assets/app.js")) == expected


@pytest.mark.parametrize("unit", ["<script ", "<!--", "<link rel=", '<script a="', "import(", 'from"./', "from "])
def test_takes_time_in_proportion_to_what_it_reads(unit: str) -> None:
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit))
        started = time.process_time()
        scripts_of_page(text, PAGE)
        imports_of(text, PAGE)
        return time.process_time() - started

    assert seconds(400_000) < 9 * seconds(100_000) + 0.1
