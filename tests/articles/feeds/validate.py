#!/usr/bin/python3
"""Reads what articles_feeds_test rendered with parsers that are not ours, and holds it against what the formats ask for.

usage: validate.py FOLDER

RSS and Atom are read by feedparser, which notes every breach it meets; JSON Feed 1.1, ninjs 3.1 and Google's structured data are checked by
jsonschema against the facts of their specifications that are written down in schemas/; sitemaps by the rules of sitemaps.org and of
Google's news sitemaps.
"""

import json
import pathlib
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import feedparser
import jsonschema

FOLDER = pathlib.Path(sys.argv.pop(1))
SCHEMAS = pathlib.Path(__file__).resolve().parent / "schemas"
HEADLINE = "Bridges ]]> & <i>fords</i> </script><script>alert(1)</script>"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(name):
    return (FOLDER / name).read_bytes()


def check(name, schema):
    facts = json.loads((SCHEMAS / schema).read_text())
    jsonschema.Draft202012Validator.check_schema(facts)
    document = json.loads(read(name))
    jsonschema.Draft202012Validator(facts, format_checker=jsonschema.FormatChecker()).validate(document)
    return document


def children(node, *names):
    return [node.findtext(name) for name in names]


class Feeds(unittest.TestCase):
    def read_by_feedparser(self, name, version):
        # As it stands: what feedparser would take out or rewrite is to be seen.
        feed = feedparser.parse(read(name), sanitize_html=False, resolve_relative_uris=False)
        self.assertFalse(feed.bozo, feed.get("bozo_exception"))
        self.assertEqual(feed.version, version)
        self.assertEqual(feed.feed.link, "https://news.example/")
        self.assertEqual(len(feed.entries), 4)
        for entry in feed.entries:
            self.assertTrue(entry.id and entry.link and entry.published_parsed and entry.updated_parsed)
            self.assertTrue(entry.authors)
        denied, retracted, gated, rich = feed.entries
        self.assertNotIn("content", denied)
        self.assertEqual(retracted.summary, "We were wrong.")
        self.assertIn('A &quot;correction&quot; &amp; more.', gated.content[0].value)
        self.assertNotIn("secretword", str(gated))
        self.assertIn('alt="A ford at dawn"', rich.content[0].value)
        return feed

    def test_rss(self):
        feed = self.read_by_feedparser("feed.rss", "rss20")
        for entry in feed.entries:
            self.assertFalse(entry.guidislink)
        root = ElementTree.fromstring(read("feed.rss"))
        self.assertEqual(root.findall("channel/item/title")[3].text, HEADLINE)

    def test_atom(self):
        self.read_by_feedparser("feed.atom", "atom10")
        root = ElementTree.fromstring(read("feed.atom"))
        for node in [root, *root.findall(f"{ATOM}entry")]:
            for name in ("id", "title", "updated"):
                self.assertEqual(len(node.findall(f"{ATOM}{name}")), 1)
            self.assertRegex(node.findtext(f"{ATOM}updated"), TIME)
        # RFC 4287, 4.1.2: an entry without content has an alternate link; one content and one summary at most.
        for entry in root.findall(f"{ATOM}entry"):
            self.assertEqual([link.get("rel") for link in entry.findall(f"{ATOM}link")], ["alternate"])
            self.assertLessEqual(len(entry.findall(f"{ATOM}content")), 1)
            self.assertLessEqual(len(entry.findall(f"{ATOM}summary")), 1)
            self.assertRegex(entry.findtext(f"{ATOM}id"), r"^urn:uuid:[0-9a-f-]{36}$")
        self.assertEqual(root.findall(f"{ATOM}entry/{ATOM}title")[3].text, HEADLINE)

    def test_json_feed(self):
        feed = check("feed.json", "json_feed.json")
        self.assertEqual(feed["items"][3]["title"], HEADLINE)

    def test_ninjs(self):
        items = check("ninjs.json", "ninjs.json")
        self.assertEqual([item["pubStatus"] for item in items], ["usable", "canceled", "usable", "usable"])
        self.assertEqual([item["representationType"] for item in items], ["partial", "partial", "partial", "full"])


class Sitemaps(unittest.TestCase):
    def test_index(self):
        root = ElementTree.fromstring(read("sitemap-index.xml"))
        self.assertEqual(root.tag, f"{SITEMAP}sitemapindex")
        self.assertTrue(len(root))
        for sitemap in root:
            self.assertEqual([child.tag for child in sitemap], [f"{SITEMAP}loc", f"{SITEMAP}lastmod"])

    def test_page(self):
        self.assertLessEqual(len(read("sitemap.xml")), 50 << 20)
        root = ElementTree.fromstring(read("sitemap.xml"))
        self.assertEqual(root.tag, f"{SITEMAP}urlset")
        self.assertEqual(len(root), 3)
        for url in root:
            location, modified = children(url, f"{SITEMAP}loc", f"{SITEMAP}lastmod")
            self.assertTrue(location.startswith("https://news.example/") and len(location) < 2048)
            self.assertRegex(modified, TIME)

    def test_news(self):
        root = ElementTree.fromstring(read("news.xml"))
        self.assertEqual(len(root), 3)
        for url in root:
            self.assertEqual([child.tag for child in url], [f"{SITEMAP}loc", f"{NEWS}news"])
            news = url.find(f"{NEWS}news")
            self.assertEqual([child.tag for child in news], [f"{NEWS}{name}" for name in ("publication", "publication_date", "title")])
            self.assertEqual(children(news, f"{NEWS}publication/{NEWS}name", f"{NEWS}publication/{NEWS}language"), ["The Paper", "en"])
            self.assertRegex(news.findtext(f"{NEWS}publication_date"), TIME)


class StructuredData(unittest.TestCase):
    def test_of_an_article(self):
        article = check("article.jsonld", "news_article.json")
        self.assertFalse(article["isAccessibleForFree"])
        self.assertEqual(article["correction"][0]["text"], 'A "correction" & more.')

    def test_of_a_retracted_one(self):
        article = check("retracted.jsonld", "news_article.json")
        self.assertEqual(article["creativeWorkStatus"], "Retracted")
        self.assertNotIn("description", article)


if __name__ == "__main__":
    unittest.main()
