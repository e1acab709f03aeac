// Leases on stretches of deliveries, and what senders do under them, in Postgres.
//
// Every write under a lease first finds its epoch in the chunk: a sender whose lease was taken over writes nothing
// more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/delivery.h"
#include "services/notifications/sending/lanes.h"

namespace masthead::notifications {

struct Lease {
  int64_t message_number = 0;
  int64_t chunk_no = 0;
  int64_t first_seq = 0;
  int64_t last_seq = 0;
  int32_t epoch = 0;
  // Of the message; its state as it was when the lease was taken.
  std::string message_id;
  std::string message_state;
  bool at_most_once = true;
};

// A delivery whose turn has come, and what it takes to send it.
struct Due {
  int64_t seq = 0;
  int attempts = 0;       // Before this one.
  bool intended = false;  // Under this very lease: the answer to the commit of the intent was lost.
  int64_t recipient_number = 0;
  int32_t topic_number = 0;  // None of a transactional letter.
  std::string topic_id;
  std::string recipient_id;
  std::string endpoint_id;
  std::string locale;
  std::vector<std::string> tiers;  // That the recipient holds, for the gate.
  bool is_member = false;          // As tiers.
  Channels channel = kEmail;
  int64_t endpoint_number = 0;
  std::string mailbox;        // Empty for a letter to an address that is sealed with it, and for other channels.
  std::string sealed_target;  // Where the endpoint is, of other channels.
  int variant = 0;
  bool limited = false;           // Whether the recipient limits what it is told: see limits.h.
  std::string tracking = "NONE";  // What the recipient lets us know of opens and clicks.
  Obstacles obstacles;
};

// A decision about one delivery.
struct Decision {
  int64_t seq = 0;
  Disposition disposition;
  // What the attempt met; logged unless it ended in SENT.
  bool attempted = false;
  int smtp_code = 0;
  std::string enhanced_code;
  std::string text;
};

// Leases the first due chunk of the most urgent of `lanes`; none if none is due. What a sender before left ATTEMPTING
// becomes UNCERTAIN, or PENDING where the message's policy is AT_LEAST_ONCE.
std::optional<Lease> TakeLease(db::Transaction& tx, absl::Duration lease, const LaneRange& lanes = kEveryLane);

// Prolongs the lease; false if it is no longer ours.
bool HoldLease(db::Transaction& tx, const Lease& lease, absl::Duration duration);

// Whether no further window may be opened: the message is held, or breaking news waits.
bool ShouldYield(db::Transaction& tx, const Lease& lease);

// At most `limit` deliveries of the chunk that are due. Their subscriptions cannot change until `tx` ends: who leaves a
// topic before the intent is committed is not told.
std::vector<Due> LoadDue(db::Transaction& tx, const Lease& lease, int limit);

// The intent: these are on their way. Returns those that are, for another sender may have been first.
std::vector<int64_t> SaveIntents(db::Transaction& tx, const Lease& lease, const std::vector<int64_t>& seqs);

// Deliveries that are ATTEMPTING under this lease, or not on their way at all, become what was decided; counters,
// attempts and suppressions follow.
void SaveDecisions(db::Transaction& tx, const Lease& lease, const std::vector<Decision>& decisions);

// Gives the lease back: the chunk is dropped if each of its deliveries has an outcome, else it is due when the first of
// them is, but not before `pause` has passed. Returns the message's ID if that finished the message.
std::optional<std::string> ReturnLease(db::Transaction& tx, const Lease& lease, absl::Duration pause);

}  // namespace masthead::notifications
