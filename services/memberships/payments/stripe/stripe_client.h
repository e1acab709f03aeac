// Stripe's HTTP API, as far as its manners go: form-encoded requests, JSON answers, the version pinned, an idempotency
// key on whatever changes something, and only such retries as Stripe asks for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/scope.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships::stripe {

// The version of the API whose shapes this adapter knows. Events of another are refused: fields move between versions,
// and what is read from the wrong place is read wrong.
inline constexpr char kApiVersion[] = "2024-06-20";

// A request's parameters in Stripe's notation, `metadata[key]`, in the order given.
using Form = std::vector<std::pair<std::string, std::string>>;
std::string EncodeForm(const Form& form);

struct Answer {
  int status = 0;
  nlohmann::json body;  // An object.
};

class StripeClient {
 public:
  // `base_url` without a slash at the end.
  StripeClient(std::string base_url, std::string secret_key);

  // UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED if Stripe gave no answer that says what became of the request: nobody
  // knows whether it had its effect. Repeated on a broken connection, 409 and 5xx, or as `Stripe-Should-Retry` says,
  // twice at most and while the scope lasts.
  absl::StatusOr<Answer> Post(const Scope& scope, absl::string_view path, const Form& form,
                              absl::string_view idempotency_key) const;
  absl::StatusOr<Answer> Delete(const Scope& scope, absl::string_view path) const;
  absl::StatusOr<Answer> Get(const Scope& scope, absl::string_view path, const Form& query) const;

  bool livemode() const { return livemode_; }

 private:
  const std::string base_url_;
  const std::string secret_key_;
  const bool livemode_;
};

}  // namespace masthead::memberships::stripe
