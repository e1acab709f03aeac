"""What the documents say of deploying: names that there are, and all of them."""

import re
import unittest

from manifests import EXTRAS, KUBERNETES, OVERLAYS, ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "deploy").rglob("*.md"))]


def rows(text, heading):
    """Names in the first column of the table under a heading of that column."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.M)[1]
    return {name for row in table.splitlines() for name in re.findall(r"`([\w-]+)`", row.split("|")[1])}


class Documents(unittest.TestCase):
    def test_links_lead_somewhere(self):
        for document in DOCUMENTS:
            for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
                with self.subTest(document=document.name, link=link):
                    self.assertTrue(link.startswith("https:") or (document.parent / link).exists())

    def test_paths_are_there(self):
        for document in DOCUMENTS:
            for path in re.findall(r"(?<![\w/.])((?:deploy|tests)/[\w./-]+\w)", document.read_text()):
                with self.subTest(document=document.name, path=path):
                    # A benchmark is named as the program that is built of it.
                    self.assertTrue((ROOT / path).exists() or list((ROOT / path).parent.glob(f"{(ROOT / path).name}.*")))

    def test_every_component_and_overlay_is_described(self):
        text = (KUBERNETES / "README.md").read_text()
        self.assertEqual(rows(text, "component"), {folder.name for folder in (KUBERNETES / "components").iterdir()})
        self.assertEqual(rows(text, "overlay"), set(OVERLAYS))
        self.assertEqual({folder.name for folder in (KUBERNETES / "overlays").iterdir()}, set(OVERLAYS))

    def test_every_component_is_rendered_by_the_tests(self):
        used = {name for extra in EXTRAS for name in extra.split("+")[1:]}
        for overlay in OVERLAYS:
            used |= set(re.findall(r"components/([\w-]+)", (KUBERNETES / "overlays" / overlay / "kustomization.yaml").read_text()))
        self.assertEqual(used, {folder.name for folder in (KUBERNETES / "components").iterdir()})


if __name__ == "__main__":
    unittest.main()
