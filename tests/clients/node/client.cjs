// A newsroom's backend in Node: publishes an article and reads it, over TLS.
'use strict';

const assert = require('node:assert');
const { randomUUID } = require('node:crypto');
const { load, credentials, call, run } = require('./masthead.cjs');

const TEXT = 'A paragraph written in Node.';

const { articles, memberships } = load([
  'articles/v1/articles_service.proto', 'articles/v1/reading_service.proto', 'articles/v1/taxonomy_service.proto', 'memberships/v1/tokens_service.proto',
]);

async function main() {
  const tokens = new memberships.v1.TokensService(process.env.MASTHEAD_MEMBERSHIPS, credentials);
  const [taxonomy, editing, reading] = ['TaxonomyService', 'ArticlesService', 'ReadingService'].map(
    (service) => new articles.v1[service](process.env.MASTHEAD_ARTICLES, credentials),
  );

  const { access_token: token } = await call(tokens, 'ExchangeApiKey', { api_key: process.env.MASTHEAD_API_KEY });
  const section = await call(taxonomy, 'CreateSection', { section: { display_name: 'Node' }, request_id: randomUUID() }, token);
  const desk = await call(
    taxonomy, 'CreateContributor', { contributor: { kind: 'DESK', display_name: 'The Node desk' }, request_id: randomUUID() }, token,
  );

  const article = {
    headline: `Node publishes ${randomUUID()}`,
    language_code: 'en',
    section: section.name,
    bylines: [{ contributor: desk.name }],
    body: [{ paragraph: { text: { text: TEXT } } }],
  };
  const draft = await call(editing, 'CreateArticle', { article, request_id: randomUUID() }, token);
  const published = await call(editing, 'PublishArticle', { name: draft.name, etag: draft.etag, request_id: randomUUID() }, token);
  assert.strictEqual(published.state, 'PUBLISHED');

  const read = await call(reading, 'ReadArticle', { url_path: published.url_path });
  assert.strictEqual(read.access.granted, true);
  assert.strictEqual(read.article.body[0].paragraph.text.text, TEXT);
  console.log(`Node published and read ${published.url_path}`);
}

run(main);
