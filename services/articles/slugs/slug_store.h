// The one namespace of slugs: reserved, live and redirecting ones, per language.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"

namespace masthead::articles {

struct SlugHolder {
  std::string article_id;
  bool redirects = false;  // Was the article's slug once.
};

// Reserves the slug for the article; nullopt if it now is, or was, the article's, else who holds it. Waits for a
// transaction that is about to reserve the same.
std::optional<SlugHolder> ReserveSlug(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                                      const std::string& article_id);

// Makes a redirect of another article a reservation of this one. False if it is no redirect.
bool TakeRedirect(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                  const std::string& article_id);

// Who holds it; nullopt if it is free.
std::optional<SlugHolder> LoadSlugHolder(db::Transaction& tx, const std::string& language_code,
                                         const std::string& slug);

// Frees what the article reserved, but for `keep`.
void ReleaseSlugs(db::Transaction& tx, const std::string& article_id, const std::vector<std::string>& keep);

// Makes a slug of the article the one that readers find it by; the one before redirects from now on.
void MakeSlugLive(db::Transaction& tx, const std::string& language_code, const std::string& slug,
                  const std::string& article_id);

// Notes for those who come to the article's paths, former ones too, that it was deleted.
void RememberGonePaths(db::Transaction& tx, const std::string& article_id);

}  // namespace masthead::articles
