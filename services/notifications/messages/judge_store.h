// Who is in a message's audience, and whether each is told: the one rule, asked by the fan-out and by estimates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/messages/audience.h"
#include "services/notifications/messages/channels.h"

namespace masthead::notifications {

// What the rule is asked with. Topics by number.
struct JudgeArguments {
  int64_t message_number = 0;  // 0 for an estimate.
  std::vector<int64_t> topics;
  std::vector<std::string> required_entitlements;  // Of each of the topics; empty for none.
  int64_t after_recipient = 0;                     // Recipients after this number,
  int64_t last_recipient = 0;                      // up to this one.
  absl::Time frozen_time;                          // Who subscribed later is not in the audience.
  int64_t last_seq = 0;                            // Candidates get the numbers that follow.
  Channels channels = kEmail;
  bool digestible = false;  // Whether who wants a digest of the topic is not told at once.
  Audience audience;        // Without all_topics and not_topics, which are here by number:
  std::vector<int64_t> all_topics;
  std::vector<int64_t> not_topics;
  std::string salt;  // Of the buckets: the campaign's ID, or the message's.
  std::vector<int64_t> variants;
  std::vector<int64_t> variant_ends;  // The per mille at which the share of each ends.
  // When those who live in a zone are told, of the zones that are known; of all others, `default_release`. Infinite
  // past for at once.
  std::vector<std::string> zones;
  std::vector<absl::Time> releases;
  absl::Time default_release = absl::InfinitePast();
};

// A candidate who limits what there is to be told, and whom nothing else keeps from being told.
struct LimitedCandidate {
  int64_t seq = 0;
  int64_t recipient_number = 0;
  int64_t endpoint_number = 0;
  int64_t topic_number = 0;
  int variant = 0;
  std::optional<absl::Time> release;
  // What was decided: the reason for an exclusion, or empty.
  std::string reason;
};

// A statement that begins with WITH and has the rows `judged` (recipient_number, endpoint_number, topic_number, seq,
// variant, retry_time, limited, reason), each candidate once; `rest` goes on from there, beginning with a comma or with
// the statement itself.
pqxx::result QueryJudged(db::Transaction& tx, const JudgeArguments& arguments, const std::string& rest);

// What the message tells of itself to those who limit.
struct LimitedMessage {
  int64_t number = 0;
  std::string lane;
  std::string category;
  absl::Time expire_time;
};

// Decides about those who mute, keep quiet hours or have caps; sets `reason` or `release`.
void JudgeLimited(db::Transaction& tx, const LimitedMessage& message, std::vector<LimitedCandidate>& candidates);

}  // namespace masthead::notifications
