// Articles and their revisions in Postgres. Functions, not a class: all state is in the transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// The clock that decides what is due.
absl::Time Now(db::Transaction& tx);

// Stores a new article; InsertRevision goes with it. False if the ID is taken.
bool InsertArticleRow(db::Transaction& tx, const Article& article, const std::string& section_id);

// With the content of the latest revision; nullopt if there is none or it was deleted.
std::optional<Article> LoadArticle(db::Transaction& tx, const std::string& id);

// Those of `ids` that there are, in any order, without bodies.
std::vector<Article> LoadArticlesById(db::Transaction& tx, const std::vector<std::string>& ids);

// As LoadArticle, and nobody else can write the article until `tx` ends.
std::optional<Article> LockArticle(db::Transaction& tx, const std::string& id);

// The same of one that was deleted and not yet purged.
std::optional<Article> LockDeletedArticle(db::Transaction& tx, const std::string& id);

// Replaces `article.content` by that of the revision; false if there is no such revision.
bool LoadContent(db::Transaction& tx, Article& article, int64_t revision);

// Stores the article's content as its revision `article.revision`.
void InsertRevision(db::Transaction& tx, const Article& article, const std::string& editor, absl::Time now,
                    bool autosaved = false);

// Writes the article's content over its revision `article.revision`.
void ReplaceRevision(db::Transaction& tx, const Article& article);

// Stores everything but revisions of an article that `tx` has locked, and counts the write.
void SaveArticle(db::Transaction& tx, Article& article);

enum class Deleted { kLeftOut, kIncluded };

// In the order of `ids`, those that there are; without bodies.
std::vector<Article> LoadArticles(db::Transaction& tx, const std::vector<std::string>& ids,
                                  Deleted deleted = Deleted::kLeftOut);

std::optional<Revision> LoadRevision(db::Transaction& tx, const std::string& article_id, int64_t number);

// The latest first, those before `before`, without bodies.
std::vector<Revision> LoadRevisions(db::Transaction& tx, const std::string& article_id, int64_t before, int limit);

}  // namespace masthead::articles
