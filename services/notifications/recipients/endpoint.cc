#include "services/notifications/recipients/endpoint.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/text/characters.h"

namespace masthead::notifications {

std::string HashOfTarget(Channels channel, const EndpointTarget& target) {
  return crypto::Sha256(
      absl::StrCat(ChannelName(channel), "\n", target.url, target.token, target.phone_number, target.webhook_endpoint));
}

std::string MaskMailbox(absl::string_view mailbox) {
  const size_t at = mailbox.rfind('@');
  if (at == absl::string_view::npos || at == 0) return "***";
  return absl::StrCat(text::FirstCodePoints(mailbox, 1), "***", mailbox.substr(at));
}

std::string MaskPhoneNumber(absl::string_view number) {
  constexpr size_t kHead = 4;
  constexpr size_t kTail = 2;
  if (number.size() <= kHead + kTail) return "***";
  return absl::StrCat(number.substr(0, kHead), std::string(number.size() - kHead - kTail, '*'),
                      number.substr(number.size() - kTail));
}

bool IsPhoneNumber(absl::string_view number) {
  constexpr size_t kLeast = 1 + 8;
  constexpr size_t kMost = 1 + 15;
  return number.size() >= kLeast && number.size() <= kMost && number[0] == '+' && number[1] != '0' &&
         std::all_of(number.begin() + 1, number.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace masthead::notifications
