// The names under which meters are kept. Who looks into the database learns neither who an anonymous reader is nor what
// anybody has read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"

namespace masthead::memberships {

// Thread-safe.
class MeterKeys {
 public:
  explicit MeterKeys(const crypto::MacKey& mac_key);

  // A name for somebody without an account: random, and signed, so that nobody makes up names to fill the database
  // with.
  std::string IssueAnonymousReader() const;
  // The key of that reader's meters; nullopt if it was not issued here.
  std::optional<std::string> AnonymousReaderKey(absl::string_view anonymous_reader) const;
  static std::string MemberKey(absl::string_view member_id);

  // The same for every reader, so that meters can be merged. Two articles of one meter share one with a probability of
  // less than 2^-44.
  int64_t ArticleKey(absl::string_view article) const;

 private:
  const crypto::MacKey reader_key_;
  const crypto::MacKey article_key_;
};

}  // namespace masthead::memberships
