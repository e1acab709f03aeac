// Deliveries and exclusions in Postgres, for those who look at them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {

struct DeliveryFilter {
  std::vector<std::string> states;  // Any if empty.
  std::string recipient_id;         // Any if empty.
};

// In the order of seq, after `after`.
std::vector<Delivery> LoadDeliveries(db::Transaction& tx, const Message& message, const DeliveryFilter& filter,
                                     int64_t after, int limit);
std::optional<Delivery> LoadDelivery(db::Transaction& tx, const Message& message, int64_t seq);  // With its attempts.
std::vector<Exclusion> LoadExclusions(db::Transaction& tx, const Message& message,
                                      const std::vector<std::string>& reasons, int64_t after, int limit);

// Makes UNCERTAIN deliveries (all, or those in `seqs`) of a message that `tx` has locked SENT, or PENDING and due.
// Returns how many.
int64_t ResolveUncertain(db::Transaction& tx, const Message& message, const std::vector<int64_t>& seqs, bool sent);

struct FailureFilter {
  std::vector<std::string> reasons;  // Any if empty.
  std::vector<int64_t> seqs;         // Any if empty.
};

// Makes FAILED deliveries of a message, which `tx` has locked and which is not CANCELLED or FAILED, PENDING and due;
// opens the message again. Leaves those to suppressed addresses, and all of a message that has expired. Returns how
// many.
int64_t RetryFailed(db::Transaction& tx, const Message& message, const FailureFilter& filter);

// Where in the list of dead letters a page begins: after this one.
struct DeadLetterPlace {
  int64_t message_number = 0;  // 0: at the beginning.
  int64_t seq = 0;
};

struct DeadLetter {
  DeadLetterPlace place;
  Delivery delivery;
};

// FAILED deliveries of all messages but transactional letters, those of the newest message first.
std::vector<DeadLetter> LoadDeadLetters(db::Transaction& tx, const DeadLetterPlace& after, int limit);

}  // namespace masthead::notifications
