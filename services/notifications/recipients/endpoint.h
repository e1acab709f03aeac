// The domain: the ways to reach a recipient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/messages/channels.h"

namespace masthead::notifications {

inline constexpr int kMaxEndpoints = 20;            // Of one recipient.
inline constexpr char kMemberEndpoint[] = "email";  // The ID of a member's own address.
inline constexpr char kInboxEndpoint[] = "inbox";   // The ID of a recipient's inbox.
inline constexpr size_t kMaxTargetBytes = 1000;     // Of a URL or token.
inline constexpr absl::Duration kConfirmationPatience = absl::Hours(7 * 24);

// What an endpoint leads to: the fields of its channel, the others are empty. An e-mail address is not here.
struct EndpointTarget {
  std::string url;               // WEB_PUSH: the push service's.
  std::string p256dh;            // WEB_PUSH: base64url.
  std::string auth;              // WEB_PUSH: base64url.
  std::string token;             // MOBILE_PUSH
  std::string phone_number;      // SMS: E.164.
  std::string webhook_endpoint;  // WEBHOOK: `webhookEndpoints/{webhook_endpoint}`.
};

struct Endpoint {
  int64_t number = 0;
  std::string id;
  Channels channel = kEmail;
  std::string mailbox;  // EMAIL; the local part keeps its case.
  std::string
      address_hash;  // SHA-256 of the address in canonical form, or of what else it leads to: twins have the same.
  std::string sealed_target;  // See endpoint_target.h; empty of EMAIL and INBOX.
  std::string state = "ACTIVE";
  bool suppressed = false;
  std::optional<absl::Time> expire_time;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 1;
};

// What tells targets of a channel apart, hashed: for Endpoint::address_hash.
std::string HashOfTarget(Channels channel, const EndpointTarget& target);

// As much as its owner recognises: `o***@readers.example`, `+380*******67`.
std::string MaskMailbox(absl::string_view mailbox);
std::string MaskPhoneNumber(absl::string_view number);

// `+` and 8 to 15 digits, the first not 0 (E.164).
bool IsPhoneNumber(absl::string_view number);

}  // namespace masthead::notifications
