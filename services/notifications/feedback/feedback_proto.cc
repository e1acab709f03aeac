#include "services/notifications/feedback/feedback_proto.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "services/notifications/feedback/delivery_status.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxProvider = 63;
constexpr size_t kMaxEventId = 255;
constexpr size_t kMaxText = 2048;
constexpr size_t kKeptText = 512;
constexpr size_t kMaxEnhancedCode = 11;
constexpr size_t kMaxUrl = 2000;

bool IsProvider(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxProvider && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

bool IsEventId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxEventId &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
}

void CheckEvent(const std::string& provider, const std::string& event_id, FieldViolations& violations) {
  if (!IsProvider(provider)) violations.Add("provider", "must be 1 to 63 characters a-z, 0-9 and -");
  if (!IsEventId(event_id)) violations.Add("event_id", "must be 1 to 255 printable ASCII characters");
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
  CheckEvent(request.provider(), request.event_id(), violations);
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

Engagement ParseEngagement(const v1::RecordEngagementRequest& request, FieldViolations& violations) {
  CheckEvent(request.provider(), request.event_id(), violations);
  const std::string& url = request.engagement().url();
  const bool leads_somewhere = absl::StartsWith(url, "https://") || absl::StartsWith(url, "http://");
  const bool printable = std::all_of(url.begin(), url.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (!url.empty() && (!leads_somewhere || !printable || url.size() > kMaxUrl)) {
    violations.Add("engagement.url",
                   "must start with http:// or https:// and be at most 2000 printable ASCII characters");
  }
  return {.of = {}, .url = url, .by_machine = request.engagement().by_machine()};
}

}  // namespace masthead::notifications
