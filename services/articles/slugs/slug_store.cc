#include "services/articles/slugs/slug_store.h"

#include <stdexcept>

namespace masthead::articles {
namespace {

constexpr char kReserveSlug[] = R"sql(
  INSERT INTO article_slugs (language_code, slug, article_id, use)
  VALUES ($1, $2, $3, 'RESERVED')
  ON CONFLICT DO NOTHING)sql";

constexpr char kLoadHolder[] = R"sql(
  SELECT article_id, use = 'REDIRECT'
  FROM article_slugs
  WHERE language_code = $1 AND slug = $2)sql";

constexpr char kTakeRedirect[] = R"sql(
  UPDATE article_slugs
  SET article_id = $3, use = 'RESERVED'
  WHERE language_code = $1 AND slug = $2 AND use = 'REDIRECT')sql";

constexpr char kReleaseSlugs[] = R"sql(
  DELETE FROM article_slugs
  WHERE article_id = $1 AND use = 'RESERVED' AND slug <> ALL ($2::text[]))sql";

constexpr char kRedirectFormer[] = R"sql(
  UPDATE article_slugs
  SET use = 'REDIRECT'
  WHERE article_id = $1 AND use = 'LIVE' AND slug <> $2)sql";

constexpr char kMakeLive[] = R"sql(
  UPDATE article_slugs
  SET use = 'LIVE'
  WHERE language_code = $1 AND slug = $2 AND article_id = $3)sql";

constexpr char kRememberGonePaths[] = R"sql(
  INSERT INTO gone_paths (language_code, slug, article_id, gone_time)
  SELECT language_code, slug, article_id, db_now()
  FROM article_slugs
  WHERE article_id = $1 AND use <> 'RESERVED'
  ON CONFLICT (language_code, slug) DO UPDATE
  SET article_id = excluded.article_id, gone_time = excluded.gone_time)sql";

}  // namespace

std::optional<SlugHolder> ReserveSlug(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                                      const std::string& article_id) {
  // The holder may vanish between the two statements; then the slug is tried again.
  for (;;) {
    if (tx.Query(kReserveSlug, language_code, slug, article_id).affected_rows() == 1) return std::nullopt;
    const std::optional<SlugHolder> holder = LoadSlugHolder(tx, language_code, slug);
    if (!holder.has_value()) continue;
    if (holder->article_id == article_id) return std::nullopt;
    return holder;
  }
}

bool TakeRedirect(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                  const std::string& article_id) {
  return tx.Query(kTakeRedirect, language_code, slug, article_id).affected_rows() == 1;
}

std::optional<SlugHolder> LoadSlugHolder(db::Transaction& tx, const std::string& language_code,
                                         const std::string& slug) {
  const pqxx::result holder = tx.Query(kLoadHolder, language_code, slug);
  if (holder.empty()) return std::nullopt;
  return SlugHolder{holder[0][0].as<std::string>(), holder[0][1].as<bool>()};
}

void ReleaseSlugs(db::Transaction& tx, const std::string& article_id, const std::vector<std::string>& keep) {
  tx.Query(kReleaseSlugs, article_id, db::TextArray(keep));
}

void MakeSlugLive(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                  const std::string& article_id) {
  tx.Query(kRedirectFormer, article_id, slug);
  if (tx.Query(kMakeLive, language_code, slug, article_id).affected_rows() != 1) {
    throw std::logic_error("an article goes public under a slug that it has not reserved");
  }
}

void RememberGonePaths(db::Transaction& tx, const std::string& article_id) { tx.Query(kRememberGonePaths, article_id); }

}  // namespace masthead::articles
