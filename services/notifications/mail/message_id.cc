#include "services/notifications/mail/message_id.h"

#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "services/notifications/mail/base32.h"

namespace masthead::notifications::mail {

std::string MessageId(absl::string_view message, absl::string_view endpoint, absl::string_view domain) {
  const std::string digest = crypto::Sha256(absl::StrCat(message, absl::string_view("\0", 1), endpoint));
  return absl::StrCat("<", Base32(absl::string_view(digest).substr(0, 16)), "@", domain, ">");
}

}  // namespace masthead::notifications::mail
