// A newsroom for the tests of events: stories that change and tell of it.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/db/migrations.h"
#include "common/events/feed.h"
#include "common/ids/uuid.h"

namespace masthead::events {

absl::Span<const db::Migration> Schema();

inline crypto::MacKey TestKey() { return *crypto::MacKey::FromBytes(std::string(32, 'k')); }

inline Scope Soon() { return {.deadline = absl::Now() + absl::Seconds(20)}; }

inline constexpr char kLockStory[] = R"sql(
  SELECT revision FROM story WHERE name = $1
  FOR UPDATE
)sql";

inline constexpr char kSaveStory[] = R"sql(
  INSERT INTO story (name, revision) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET revision = $2
)sql";

inline constexpr char kInsertEffect[] = R"sql(
  INSERT INTO effect (event_id, resource, revision) VALUES ($1, $2, $3)
)sql";

// Changes a story and announces it.
inline void Change(Feed& feed, db::Transaction& tx, const std::string& story,
                   const std::string& type = "story.changed") {
  const pqxx::result rows = tx.Query(kLockStory, story);
  const int64_t revision = rows.empty() ? 1 : rows.front()[0].as<int64_t>() + 1;
  tx.Query(kSaveStory, story, revision);
  feed.Append(tx, {.event_id = ids::NewUuid(),
                   .type = type,
                   .resource = story,
                   .revision = revision,
                   .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                   .payload = absl::StrCat(story, "@", revision, std::string("\0\xff", 2))});
}

inline absl::Status Change(Feed& feed, db::Database& database, const std::string& story,
                           const std::string& type = "story.changed") {
  return database.Write(Soon(), [&](db::Transaction& tx) {
    Change(feed, tx, story, type);
    return absl::OkStatus();
  });
}

}  // namespace masthead::events
