"""A newsroom's backend in Python: publishes an article and reads it, over TLS."""

import os
import uuid

import grpc
from masthead.articles.v1 import article_pb2, articles_service_pb2, articles_service_pb2_grpc, block_pb2, contributor_pb2
from masthead.articles.v1 import reading_service_pb2, reading_service_pb2_grpc, section_pb2, taxonomy_service_pb2, taxonomy_service_pb2_grpc
from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc

TEXT = "A paragraph written in Python."


def main():
    credentials = grpc.ssl_channel_credentials(open(os.environ["MASTHEAD_CA"], "rb").read())
    memberships = grpc.secure_channel(os.environ["MASTHEAD_MEMBERSHIPS"], credentials)
    articles = grpc.secure_channel(os.environ["MASTHEAD_ARTICLES"], credentials)

    tokens = tokens_service_pb2_grpc.TokensServiceStub(memberships)
    token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=os.environ["MASTHEAD_API_KEY"]), timeout=10)
    as_backend = {"timeout": 10, "metadata": [("authorization", f"Bearer {token.access_token}")]}

    taxonomy = taxonomy_service_pb2_grpc.TaxonomyServiceStub(articles)
    section = taxonomy.CreateSection(taxonomy_service_pb2.CreateSectionRequest(
        section=section_pb2.Section(display_name="Python"), request_id=str(uuid.uuid4())), **as_backend)
    desk = taxonomy.CreateContributor(taxonomy_service_pb2.CreateContributorRequest(
        contributor=contributor_pb2.Contributor(kind=contributor_pb2.Contributor.DESK, display_name="The Python desk"),
        request_id=str(uuid.uuid4())), **as_backend)

    editing = articles_service_pb2_grpc.ArticlesServiceStub(articles)
    draft = editing.CreateArticle(articles_service_pb2.CreateArticleRequest(
        article=article_pb2.Article(
            headline=f"Python publishes {uuid.uuid4()}", language_code="en", section=section.name,
            bylines=[article_pb2.Byline(contributor=desk.name)],
            body=[block_pb2.Block(paragraph=block_pb2.Paragraph(text=block_pb2.RichText(text=TEXT)))]),
        request_id=str(uuid.uuid4())), **as_backend)
    published = editing.PublishArticle(articles_service_pb2.PublishArticleRequest(
        name=draft.name, etag=draft.etag, request_id=str(uuid.uuid4())), **as_backend)
    assert published.state == article_pb2.Article.PUBLISHED, published

    reading = reading_service_pb2_grpc.ReadingServiceStub(articles)
    read = reading.ReadArticle(reading_service_pb2.ReadArticleRequest(url_path=published.url_path), timeout=10)
    assert read.access.granted, read
    assert read.article.body[0].paragraph.text.text == TEXT, read
    print(f"Python published and read {published.url_path}")


if __name__ == "__main__":
    main()
