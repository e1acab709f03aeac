// Preview links and gift links in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/links/link.h"

namespace masthead::articles {

// Where a page starts: after this link.
struct LinkPosition {
  absl::Time create_time;
  std::string id;
};

// Holds up others who count what is counted under `name`, until `tx` ends.
void LockCount(db::Transaction& tx, const std::string& name);

void InsertPreviewLink(db::Transaction& tx, const PreviewLink& link);
// The latest first.
std::vector<PreviewLink> LoadPreviewLinks(db::Transaction& tx, const std::string& article_id,
                                          const std::optional<LinkPosition>& after, int limit);
std::optional<PreviewLink> LockPreviewLink(db::Transaction& tx, const std::string& article_id, const std::string& id);
std::optional<PreviewLink> FindPreviewLink(db::Transaction& tx, const std::string& digest);
int64_t CountActivePreviewLinks(db::Transaction& tx, const std::string& article_id);
void RevokePreviewLink(db::Transaction& tx, const PreviewLink& link);

void InsertGiftLink(db::Transaction& tx, const GiftLink& link);
// The latest first; only those of `giver` if it is not empty.
std::vector<GiftLink> LoadGiftLinks(db::Transaction& tx, const std::string& article_id, const std::string& giver,
                                    const std::optional<LinkPosition>& after, int limit);
std::optional<GiftLink> LockGiftLink(db::Transaction& tx, const std::string& article_id, const std::string& id);
std::optional<GiftLink> FindGiftLink(db::Transaction& tx, const std::string& digest);
// When the giver's links since `since` were made, the oldest first.
std::vector<absl::Time> LoadGiftTimes(db::Transaction& tx, const std::string& giver, absl::Time since);
void RevokeGiftLink(db::Transaction& tx, const GiftLink& link);

// Whether the reader came by this link before. `reader` is a digest.
bool HasRedeemed(db::Transaction& tx, const GiftLink& link, const std::string& reader);

// Counts the reader, once however often the same comes; false if the link is over or as many have come as it is good
// for. Two readers who race for the last place do not both get it.
bool Redeem(db::Transaction& tx, const GiftLink& link, const std::string& reader);

// Forgets links that ended 30 days ago, up to a thousand of each kind, and gives their number.
int64_t RemoveOldLinks(db::Transaction& tx);

}  // namespace masthead::articles
