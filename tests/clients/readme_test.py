#!/usr/bin/python3
"""README's snippets, run as they stand there: only the address, the path of the article and what they leave out are filled in.

usage: readme_test.py BUILD_DIR
"""

import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from stack import ROOT, Stack

BUILD = sys.argv.pop(1)
STACK = Stack(BUILD)

NODE = """
const fs = require('fs'), grpc = require('@grpc/grpc-js'), protoLoader = require('@grpc/proto-loader');
const [protos, googleProtos] = process.argv.slice(1);
"""
GO = """package main
import (
	"context"
	"fmt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	articlesv1 "masthead.dev/gen/articles/v1"
)
func main() {
	ctx := context.Background()
%s
	if err != nil { panic(err) }
}
"""


def snippet(language, url_path=""):
    code = re.search(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text().partition("## Calling it")[2], re.DOTALL)[1]
    return code.replace("localhost:7401", STACK.target("articles")).replace("/politics/a-slug", url_path)


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Runs the Python snippet, which publishes what the others read."""
        STACK.use_stubs()
        import grpc
        from masthead.articles.v1 import article_pb2, articles_service_pb2, articles_service_pb2_grpc, contributor_pb2
        from masthead.articles.v1 import reading_service_pb2, reading_service_pb2_grpc, section_pb2, taxonomy_service_pb2, taxonomy_service_pb2_grpc
        from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc

        credentials = grpc.ssl_channel_credentials(STACK.ca.read_bytes())
        articles = grpc.secure_channel(STACK.target("articles"), credentials)
        tokens = tokens_service_pb2_grpc.TokensServiceStub(grpc.secure_channel(STACK.target("memberships"), credentials))
        taxonomy = taxonomy_service_pb2_grpc.TaxonomyServiceStub(articles)
        token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=STACK.api_key()), timeout=10)
        as_backend = {"timeout": 10, "metadata": [("authorization", f"Bearer {token.access_token}")]}
        section = taxonomy.CreateSection(taxonomy_service_pb2.CreateSectionRequest(
            section=section_pb2.Section(display_name="Readme"), request_id=str(uuid.uuid4())), **as_backend)
        desk = taxonomy.CreateContributor(taxonomy_service_pb2.CreateContributorRequest(
            contributor=contributor_pb2.Contributor(kind=contributor_pb2.Contributor.DESK, display_name="The readme desk"),
            request_id=str(uuid.uuid4())), **as_backend)
        cls.headline = f"As it stands in README {uuid.uuid4()}"
        article = article_pb2.Article(headline=cls.headline, language_code="en", section=section.name,
                                      bylines=[article_pb2.Byline(contributor=desk.name)])
        names = {
            "uuid": uuid, "API_KEY": STACK.api_key(), "article": article, "tokens": tokens,
            "articles": articles_service_pb2_grpc.ArticlesServiceStub(articles), "reading": reading_service_pb2_grpc.ReadingServiceStub(articles),
            **vars(tokens_service_pb2), **vars(articles_service_pb2), **vars(reading_service_pb2),
        }
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(snippet("python"), names)
        cls.python_printed = printed.getvalue()
        cls.url_path = names["published"].url_path
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        shutil.copy(STACK.ca, pathlib.Path(cls.folder.name) / "ca.crt")

    def run_here(self, *command, **environment):
        """Where ca.crt is."""
        done = subprocess.run(command, cwd=self.folder.name, env={**os.environ, **environment}, capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_python(self):
        self.assertEqual(self.python_printed, f"{self.headline}\n")

    def test_node(self):
        modules = ROOT / "build/node-client"
        subprocess.run([ROOT / "deploy/install-node-modules", HERE / "node", modules], check=True)
        said = self.run_here("node", "-e", NODE + snippet("js", self.url_path),
                             ROOT / "protos", ROOT / "build/node/node_modules/google-proto-files", NODE_PATH=str(modules / "node_modules"))
        self.assertEqual(said, f"{self.headline}\n")

    def test_go(self):
        program = pathlib.Path(self.folder.name) / "readme.go"
        program.write_text(GO % snippet("go", self.url_path))
        self.assertEqual(self.run_here(HERE / "go/run", BUILD, program), f"{self.headline}\n")

    @unittest.skipUnless(shutil.which("grpcurl"), "grpcurl is not installed: ITS LINE IN README IS NOT TESTED")
    def test_grpcurl(self):
        self.assertIn(self.headline, self.run_here("bash", "-c", snippet("sh", self.url_path)))


if __name__ == "__main__":
    unittest.main()
