// Whom a message is for, beyond the topics that it names.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace masthead::notifications {

// Topics, tiers and articles by ID. Who follows one of the message's topics is a candidate if all of this holds too.
struct Audience {
  std::vector<std::string> all_topics;  // Follows each of these.
  std::vector<std::string> not_topics;  // Follows none of these.
  std::vector<std::string> tiers;       // Holds one of these; empty for all.
  std::vector<std::string> not_tiers;   // Holds none of these.
  std::vector<std::string> languages;   // Reads one of these; empty for all.
  // Exactly those whom a message told, or may have told, of this article (`articles/{article}`), by the ways by which
  // it did, whatever they chose since; then the topics only stand in the links to leave them.
  std::string told_article;
  // Those for whom stories are due in the digest of this time; then the topics are what brings the stories.
  absl::Time digest_time = absl::InfinitePast();
  int local_minute = -1;  // When in each recipient's day they are told; -1: at once.
  // A sample: recipients fall into a thousand buckets by a hash of their number and the campaign; those from the first
  // up to, and without, the end.
  int first_bucket = 0;
  int end_bucket = 1000;
};

// What a message would come to if it were made now.
struct AudienceEstimate {
  int64_t candidates = 0;
  int64_t deliveries = 0;
  std::map<std::string, int64_t> exclusions;  // By reason.
};

// One of several letters that parts of an audience get, at random.
struct Variant {
  int number = 0;     // 0 to 9.
  int per_mille = 0;  // Of the audience; those of a message sum to 1000.
  std::string template_id;
  int template_revision = 0;
  std::map<std::string, std::string> values;  // Over those of the message.
};

}  // namespace masthead::notifications
