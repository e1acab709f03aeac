#include "services/memberships/collecting/webhook.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace masthead::memberships {
namespace {

constexpr char kPathEnd[] = "/events";
// Stripe waits for 20 s.
constexpr absl::Duration kPatience = absl::Seconds(15);

int HttpStatus(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kNotFound:
      return 404;
    default:
      return 503;
  }
}

}  // namespace

http::Handler WebhookHandler(Inbox& inbox) {
  return [&inbox](const http::Request& request) -> http::Response {
    absl::string_view provider = absl::StripPrefix(request.path, kWebhookPath);
    if (!absl::ConsumeSuffix(&provider, kPathEnd)) return {.status = 404};
    if (request.method != "POST") return {.status = 405, .headers = {{"Allow", "POST"}}};
    if (request.body.size() > kMaxEventBytes) return {.status = 413};
    const Scope scope = {.deadline = absl::Now() + kPatience};
    const absl::Status status = inbox.Ingest(scope, provider, request.body, request.headers).status();
    return {.status = HttpStatus(status), .body = status.ok() ? "taken\n" : "not taken\n"};
  };
}

}  // namespace masthead::memberships
