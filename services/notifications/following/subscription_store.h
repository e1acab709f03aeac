// Recipients' choices in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

// `only_id`, if set, hides every recipient but that one: a member sees the recipient that the member is.
std::optional<Recipient> LoadRecipient(db::Transaction& tx, absl::string_view id,
                                       const std::optional<std::string>& only_id);
std::optional<Recipient> LoadRecipient(db::Transaction& tx, int64_t number);

// As LoadRecipient; choices of the recipient wait for one another.
std::optional<Recipient> LockRecipient(db::Transaction& tx, absl::string_view id,
                                       const std::optional<std::string>& only_id);
std::optional<Recipient> LockRecipient(db::Transaction& tx, int64_t number);

// By topic ID, after `after_topic`.
std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, const Recipient& recipient,
                                            absl::string_view after_topic, int limit);
std::optional<Subscription> LoadSubscription(db::Transaction& tx, const Recipient& recipient, const Topic& topic);
// Those of the (recipient, topic) pairs that exist, in the order of the pairs. `only_id` as in LoadRecipient.
std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, const std::vector<std::string>& recipient_ids,
                                            const std::vector<std::string>& topic_ids,
                                            const std::optional<std::string>& only_id);
int64_t CountSubscriptions(db::Transaction& tx, const Recipient& recipient);

struct Choice {
  Subscription subscription;
  bool changed = false;  // Whether it says something else than before.
};

// Records `wanted` as a choice made now, by a recipient that `tx` has locked: what it says of state, source, channels
// and cadence. Saying again what is there already counts as the newest word. A `consent` is kept beside it, for good.
Choice SaveChoice(db::Transaction& tx, const Recipient& recipient, const Topic& topic, const Subscription& wanted,
                  const std::optional<Consent>& consent = std::nullopt);

// The same where nothing but the state is chosen.
Choice SaveState(db::Transaction& tx, const Recipient& recipient, const Topic& topic, absl::string_view state,
                 absl::string_view source);

// A consent, and what was chosen with it.
struct RecordedConsent {
  std::string topic_id;
  std::string state;
  Consent consent;
};

// Of all topics, the newest first.
std::vector<RecordedConsent> LoadConsents(db::Transaction& tx, const Recipient& recipient, int limit);

}  // namespace masthead::notifications
