"""Slack's mark-up, read as Slack reads it, and never as HTML."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VIEWS = Path(__file__).parents[2] / "bot" / "views"

DRAW = """async ([module, name, text, options]) => {
  const drawn = (await import(`/static/js/${module}.js`))[name](text, options);
  const box = document.createElement("div");
  box.append(...[drawn].flat());
  for (const node of box.querySelectorAll("[rel], [target]")) {
    node.removeAttribute("rel");
    node.removeAttribute("target");
  }
  return box.innerHTML;
}"""

MRKDWN = {
    "*bold* _italic_ ~struck~": "<strong>bold</strong> <em>italic</em> <s>struck</s>",
    "*_both_*": "<strong><em>both</em></strong>",
    "2 * 3 * 4 and snake_case_name": "2 * 3 * 4 and snake_case_name",
    "* not bold*": "* not bold*",
    "a *b* c*d*": "a <strong>b</strong> c*d*",
    "**two**": "**two**",
    "`*code* &lt;b&gt;`": "<code>*code* &lt;b&gt;</code>",
    "*bold `a*b` end*": "<strong>bold <code>a*b</code> end</strong>",
    "a\n&gt; quoted\n> too\nb": "a<blockquote>quoted<br>too</blockquote>b",
    "x\n```if a < b:\n  *c*```\ny": "x<pre>if a &lt; b:\n  *c*</pre>y",
    "<https://a.example/x?a=1&amp;b=2|A &amp; B>": (
        '<a href="https://a.example/x?a=1&amp;b=2">A &amp; B</a>'
    ),
    "<https://a.example>": '<a href="https://a.example">https://a.example</a>',
    "see https://a.example/b.": (
        'see <a href="https://a.example/b">https://a.example/b</a>.'
    ),
    "<mailto:ada@contoso.example>": (
        '<a href="mailto:ada@contoso.example">ada@contoso.example</a>'
    ),
    "<javascript:alert(1)|press>": "&lt;javascript:alert(1)|press&gt;",
    "<@U0RUTH> <@U0ADA> <@U9NOBODY|eve>": (
        '<span class="mention">@Ruth Okafor</span> '
        '<span class="mention self">@Ada Lindqvist</span> '
        '<span class="mention">@eve</span>'
    ),
    "<#C0ALERTS> <#C9HIDDEN>": (
        '<span class="mention">#entra-alerts</span> '
        '<span class="mention">#private channel</span>'
    ),
    "<!here> <!subteam^S1|@approvers>": (
        '<span class="mention broadcast">@here</span> '
        '<span class="mention broadcast">@approvers</span>'
    ),
    "<!date^1767225600^{date_num} {time}|then>": (
        '<time title="then">2026-01-01 1:00 AM</time>'
    ),
    "<!date^1767225600^{nonsense}|then>": '<time title="then">then</time>',
    "&lt;img src=x onerror=alert(1)&gt;": "&lt;img src=x onerror=alert(1)&gt;",
    "&amp;lt;": "&amp;lt;",
    ":not_an_emoji: 10:30:00": ":not_an_emoji: 10:30:00",
}

MARKDOWN = {
    "# Head\ntext **bold** _it_ ~~no~~": (
        "<h3>Head</h3><p>text <strong>bold</strong> <em>it</em> <s>no</s></p>"
    ),
    "1. one\n2. two": (
        '<ol><li style="margin-inline-start: 0px;">one</li>'
        '<li style="margin-inline-start: 0px;">two</li></ol>'
    ),
    "[a](https://a.example) `x`": (
        '<p><a href="https://a.example">a</a> <code>x</code></p>'
    ),
    "[a](javascript:alert(1))": "<p>[a](javascript:alert(1))</p>",
    "\\*plain\\* <b>": "<p>*plain* &lt;b&gt;</p>",
    "```\n**raw**\n```": "<pre>**raw**</pre>",
    "> q": "<blockquote><p>q</p></blockquote>",
}


async def test_mrkdwn_is_read_as_slack_reads_it(page: Page) -> None:
    drawn = {
        text: (await page.evaluate(DRAW, ["mrkdwn", "mrkdwn", text, {}])).replace(
            ' class=""', ""
        )
        for text in MRKDWN
    }

    assert drawn == MRKDWN


async def test_verbatim_leaves_bare_addresses_alone(page: Page) -> None:
    args = ["mrkdwn", "mrkdwn", "see https://a.example", {"verbatim": True}]

    assert await page.evaluate(DRAW, args) == "see https://a.example"


async def test_known_emoji_are_pictures_with_a_name(page: Page) -> None:
    drawn = await page.evaluate(DRAW, ["mrkdwn", "mrkdwn", ":warning: :tada:", {}])

    assert 'aria-label="warning emoji"' in drawn
    assert 'aria-label="tada emoji"' in drawn


async def test_every_sign_that_the_product_writes_is_known(page: Page) -> None:
    written = "".join(path.read_text() for path in VIEWS.glob("*.py"))
    shortcodes = sorted(set(re.findall(r":[a-z]\w+:", written)))

    unknown = [
        code
        for code in shortcodes
        if "emoji" not in await page.evaluate(DRAW, ["mrkdwn", "mrkdwn", code, {}])
    ]

    assert len(shortcodes) > 5
    assert unknown == []


async def test_markdown_block_is_real_markdown(page: Page) -> None:
    drawn = {
        text: (await page.evaluate(DRAW, ["blocks/markdown", "markdown", text, {}]))
        .removeprefix('<div class="markdown">')
        .removesuffix("</div>")
        for text in MARKDOWN
    }

    assert drawn == MARKDOWN
