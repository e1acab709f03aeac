#include "services/notifications/feedback/feedback_proto.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "services/notifications/feedback/delivery_status.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxProvider = 63;
constexpr size_t kMaxEventId = 255;
constexpr size_t kMaxText = 2048;
constexpr size_t kKeptText = 512;
constexpr size_t kMaxEnhancedCode = 11;

bool IsProvider(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxProvider && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

bool IsEventId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxEventId &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
}

std::optional<Feedback::Kind> KindOf(v1::ProviderEvent::Kind kind) {
  switch (kind) {
    case v1::ProviderEvent::DELIVERED:
      return Feedback::Kind::kDelivered;
    case v1::ProviderEvent::BOUNCED:
      return Feedback::Kind::kBounced;
    case v1::ProviderEvent::COMPLAINED:
      return Feedback::Kind::kComplained;
    default:
      return std::nullopt;
  }
}

}  // namespace

Feedback ParseProviderEvent(const v1::IngestProviderEventRequest& request, FieldViolations& violations) {
  const v1::ProviderEvent& event = request.event();
  if (!IsProvider(request.provider())) violations.Add("provider", "must be 1 to 63 characters a-z, 0-9 and -");
  if (!IsEventId(request.event_id())) violations.Add("event_id", "must be 1 to 255 printable ASCII characters");
  const std::optional<Feedback::Kind> kind = KindOf(event.kind());
  if (!kind) violations.Add("event.kind", "must be a known kind");
  if (event.text().size() > kMaxText) violations.Add("event.text", "must not have more than 2048 bytes");
  const std::optional<mail::EnhancedCode> code = ParseEnhancedCode(event.enhanced_code());
  if (!event.enhanced_code().empty() &&
      (event.enhanced_code().size() > kMaxEnhancedCode || !code || code->ToString() != event.enhanced_code())) {
    violations.Add("event.enhanced_code", "must look like 5.1.1");
  }
  const mail::EnhancedCode enhanced = code.value_or(mail::EnhancedCode());
  return {.kind = kind.value_or(Feedback::Kind::kBounced),
          .bounce = ClassOfBounce(0, enhanced),
          .smtp_code = 0,
          .enhanced_code = enhanced.ToString(),
          .text = Printable(event.text(), kKeptText)};
}

}  // namespace masthead::notifications
