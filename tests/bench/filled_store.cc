#include "tests/bench/filled_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace masthead::bench {
namespace {

// Rows that need no checking: no keys looked up and no triggers, which would take longer than all the rest.
constexpr const char* kFill[] = {
    "SET session_replication_role = replica",
    "INSERT INTO sections (id, display_name, slug, description) VALUES ('national', 'National', 'national', '')",
    "INSERT INTO contributors (id, kind, display_name, biography, contact_email) VALUES ('desk', 'DESK', 'Desk', '', "
    "'')",
    R"sql(
      INSERT INTO articles (id, uid, language_code, state, version, revision, section_id, published_revision, published_slug, publish_time,
                            content_update_time, create_time, update_time)
      SELECT 'a' || n, 'u' || n, 'en', 'PUBLISHED', 1, 1, 'national', 1, 'a' || n, time, time, time, time
      FROM (SELECT n, now() - interval '3650 days' * (1 - (n - 1)::double precision / $articles) AS time FROM generate_series(1, $articles) n) numbered)sql",
    R"sql(
      INSERT INTO article_revisions (article_id, revision, head, body, word_count, editor, create_time)
      SELECT id, 1,
             jsonb_build_object('headline', 'Story ' || id, 'dek', 'What happened.', 'slug', id, 'section', 'national', 'tags', '[]'::jsonb,
                                'bylines', '[{"contributor": "desk", "role": "AUTHOR"}]'::jsonb, 'access', '{"level": "PUBLIC"}'::jsonb),
             jsonb_build_array(jsonb_build_object(
               'id', 'b', 'kind', 'paragraph',
               'text', jsonb_build_object('text', repeat('Residents who flocked to the peninsula are preparing to leave. ', 15) || 'everysecond'))),
             150, 'staffMembers/bench', create_time
      FROM articles)sql",
    R"sql(
      INSERT INTO article_slugs (language_code, slug, article_id, use)
      SELECT language_code, published_slug, id, 'LIVE'
      FROM articles)sql",
    R"sql(
      INSERT INTO published_articles (article_id, revision, language_code, section_id, publish_time)
      SELECT id, 1, language_code, section_id, publish_time FROM articles)sql",
    R"sql(
      INSERT INTO published_article_contributors (contributor_id, article_id, publish_time)
      SELECT 'desk', id, publish_time FROM articles)sql",
    "RESET session_replication_role",
};

}  // namespace

void FillWithArticles(testing::TestDatabase& postgres, int articles) {
  for (const std::string statement : kFill) {
    postgres.Execute(absl::StrReplaceAll(statement, {{"$articles", absl::StrCat(articles)}}));
  }
}

}  // namespace masthead::bench
