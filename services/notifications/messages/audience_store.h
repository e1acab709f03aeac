// Audiences and variants of messages in Postgres, and what an audience would come to.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/db/database.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/audience.h"
#include "services/notifications/messages/channels.h"

namespace masthead::notifications {

// Of a message that InsertMessage has just made, in the same transaction.
void InsertAudience(db::Transaction& tx, int64_t message_number, const Audience& audience);
void InsertVariants(db::Transaction& tx, int64_t message_number, absl::Span<const Variant> variants);

// None if the message has one letter for all.
std::vector<Variant> LoadVariants(db::Transaction& tx, int64_t message_number);

// Whether anybody follows one of the topics just now.
bool HasFollowers(db::Transaction& tx, absl::Span<const Topic> topics);

// What a message to `topics` would come to if it were made now.
AudienceEstimate EstimateAudience(db::Transaction& tx, absl::Span<const Topic> topics, const Audience& audience,
                                  Channels channels, const std::string& category);

}  // namespace masthead::notifications
