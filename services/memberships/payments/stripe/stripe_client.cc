#include "services/memberships/payments/stripe/stripe_client.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/json.h"
#include "common/http/client.h"

namespace masthead::memberships::stripe {
namespace {

constexpr int kTries = 3;
constexpr absl::Duration kFirstPause = absl::Milliseconds(500);
// Stripe's own libraries wait for 80 s. A charge that takes longer than this is looked up later.
constexpr absl::Duration kPatience = absl::Seconds(30);

std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      escaped += c;
    } else {
      constexpr char kHex[] = "0123456789ABCDEF";
      escaped += {'%', kHex[static_cast<uint8_t>(c) >> 4], kHex[static_cast<uint8_t>(c) & 15]};
    }
  }
  return escaped;
}

bool ShouldRetry(const absl::StatusOr<http::Answer>& response) {
  if (!response.ok()) return absl::IsUnavailable(response.status());
  const auto advice = response->headers.find("stripe-should-retry");
  if (advice != response->headers.end() && advice->second == "true") return true;
  if (advice != response->headers.end() && advice->second == "false") return false;
  return response->status == 409 || response->status >= 500;
}

// Whether there is time for another try after the pause.
bool Pause(const Scope& scope, int tries) {
  thread_local absl::BitGen dice;
  const absl::Duration pause = kFirstPause * (1 << tries) * absl::Uniform(dice, 0.5, 1.0);
  if (absl::Now() + pause >= scope.deadline) return false;
  const absl::Time until = absl::Now() + pause;
  while (absl::Now() < until && !scope.cancelled()) {
    absl::SleepFor(std::min(absl::Milliseconds(50), until - absl::Now()));
  }
  return !scope.cancelled();
}

absl::StatusOr<Answer> Send(const Scope& scope, const http::OutgoingRequest& request) {
  absl::StatusOr<http::Answer> response = http::Send(scope, request);
  for (int tries = 0; tries + 1 < kTries && ShouldRetry(response) && Pause(scope, tries); ++tries) {
    response = http::Send(scope, request);
  }
  if (!response.ok()) return response.status();
  // A 409 is a request with this key that is still at work; a 429 and a 5xx tell nothing of what became of it.
  if (response->status == 409 || response->status == 429 || response->status >= 500) {
    return absl::UnavailableError(absl::StrCat("Stripe answered ", response->status));
  }
  std::optional<nlohmann::json> body = auth::ParseJsonObject(response->body);
  if (!body) return absl::UnavailableError(absl::StrCat("Stripe answered ", response->status, " with no JSON object"));
  return Answer{.status = response->status, .body = *std::move(body)};
}

}  // namespace

std::string EncodeForm(const Form& form) {
  std::string encoded;
  for (const auto& [name, value] : form) {
    absl::StrAppend(&encoded, encoded.empty() ? "" : "&", Escape(name), "=", Escape(value));
  }
  return encoded;
}

StripeClient::StripeClient(std::string base_url, std::string secret_key)
    : base_url_(std::move(base_url)),
      secret_key_(std::move(secret_key)),
      livemode_(absl::StartsWith(secret_key_, "sk_live_") || absl::StartsWith(secret_key_, "rk_live_")) {}

absl::StatusOr<Answer> StripeClient::Post(const Scope& scope, absl::string_view path, const Form& form,
                                          absl::string_view idempotency_key) const {
  return Send(scope, {.method = "POST",
                      .url = absl::StrCat(base_url_, path),
                      .headers = {absl::StrCat("Authorization: Bearer ", secret_key_),
                                  absl::StrCat("Stripe-Version: ", kApiVersion),
                                  absl::StrCat("Idempotency-Key: ", idempotency_key),
                                  "Content-Type: application/x-www-form-urlencoded"},
                      .body = EncodeForm(form),
                      .patience = kPatience});
}

absl::StatusOr<Answer> StripeClient::Delete(const Scope& scope, absl::string_view path) const {
  return Send(scope, {.method = "DELETE",
                      .url = absl::StrCat(base_url_, path),
                      .headers = {absl::StrCat("Authorization: Bearer ", secret_key_),
                                  absl::StrCat("Stripe-Version: ", kApiVersion)},
                      .body = "",
                      .patience = kPatience});
}

absl::StatusOr<Answer> StripeClient::Get(const Scope& scope, absl::string_view path, const Form& query) const {
  return Send(scope, {.method = "GET",
                      .url = absl::StrCat(base_url_, path, query.empty() ? "" : "?", EncodeForm(query)),
                      .headers = {absl::StrCat("Authorization: Bearer ", secret_key_),
                                  absl::StrCat("Stripe-Version: ", kApiVersion)},
                      .body = "",
                      .patience = kPatience});
}

}  // namespace masthead::memberships::stripe
