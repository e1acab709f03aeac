#include "services/notifications/webhooks/webhook_channel.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/db/now.h"
#include "common/resource/name.h"
#include "common/telemetry/log.h"
#include "nlohmann/json.hpp"
#include "services/notifications/following/topic.h"
#include "services/notifications/mail/base32.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr absl::Duration kTransactionPatience = absl::Seconds(20);
constexpr absl::Duration kUntilTheProbeIsBack = absl::Seconds(20);
constexpr char kMessageType[] = "message.received";
constexpr size_t kIdBytes = 16;

// The same at every attempt.
std::string WebhookIdOf(const Message& message, const Due& due) {
  const std::string names = absl::StrCat(MessageName(message.id), absl::string_view("\0", 1),
                                         EndpointName(due.recipient_id, due.endpoint_id));
  return absl::StrCat("msg_", mail::Base32(crypto::Sha256(names).substr(0, kIdBytes)));
}

std::string BodyOf(const Message& message, const Due& due) {
  const AlertText& alert = message.alert;
  const nlohmann::json data = {{"message", MessageName(message.id)},
                               {"recipient", absl::StrCat("recipients/", due.recipient_id)},
                               {"topic", TopicName(due.topic_id)},
                               {"category", message.category},
                               {"lane", message.lane},
                               {"article", alert.article},
                               {"headline", alert.headline},
                               {"dek", alert.dek},
                               {"byline", alert.byline},
                               {"url", alert.url},
                               {"languageCode", alert.language_code}};
  return CallBody(kMessageType, message.create_time, data.dump());
}

Decision WithoutCall(const Due& due, Disposition disposition) {
  disposition.counts_as_attempt = false;
  return {.seq = due.seq, .disposition = std::move(disposition)};
}

// Why the endpoint is not called for this delivery now; none if it is.
std::optional<Disposition> Obstacle(const WebhookEndpoint* endpoint, std::set<std::string>& probed, absl::Time now) {
  if (endpoint == nullptr) return Disposition{.state = "FAILED", .reason = "ENDPOINT_GONE", .expire_endpoint = true};
  const Breaker& breaker = endpoint->breaker;
  if (breaker.state != "ACTIVE") return Disposition{.state = "CANCELLED", .reason = "ADDRESS_GONE"};
  if (breaker.IsOpen(now)) return Disposition{.state = "DEFERRED", .retry_in = *breaker.retry_time - now};
  if (breaker.IsOnProbation() && !probed.insert(endpoint->id).second) {
    return Disposition{.state = "DEFERRED", .retry_in = kUntilTheProbeIsBack};
  }
  return std::nullopt;
}

Decision Decide(const Due& due, const CallResult& result) {
  Decision decision = {.seq = due.seq, .attempted = true, .smtp_code = result.status, .text = result.text};
  const int attempts = due.attempts + 1;
  if (result.verdict == Verdict::kHeard) {
    decision.disposition = {.state = "SENT"};
  } else if (result.verdict == Verdict::kGone) {
    decision.disposition = {.state = "FAILED", .reason = "ENDPOINT_GONE", .expire_endpoint = true};
  } else if (const std::optional<absl::Duration> wait = RetryIn(attempts, Jitter(due.seq, attempts)); wait) {
    decision.disposition = {.state = "DEFERRED", .retry_in = std::max(*wait, result.asked_pause)};
  } else {
    decision.disposition = {.state = "FAILED", .reason = "REFUSED"};
  }
  return decision;
}

}  // namespace

std::vector<std::string> WebhookChannel::Targets(const std::vector<Due>& window) const {
  std::vector<std::string> ids;
  for (const Due& due : window) {
    const absl::StatusOr<EndpointTarget> target =
        OpenTarget(parts_.targets_key, due.recipient_id, due.endpoint_id, due.sealed_target);
    const auto parsed =
        target.ok() ? resource::ParseName(target->webhook_endpoint, "webhookEndpoints/*") : std::nullopt;
    ids.push_back(parsed ? parsed->front() : "");
  }
  return ids;
}

absl::StatusOr<WebhookChannel::Endpoints> WebhookChannel::LoadEndpoints(const std::vector<std::string>& ids) const {
  const Scope patience = {.deadline = absl::Now() + kTransactionPatience};
  return parts_.database.Read(patience, [&](db::Transaction& tx) {
    Endpoints endpoints = {.by_id = {}, .now = db::Now(tx)};
    for (WebhookEndpoint& endpoint : LoadWebhookEndpointsOf(tx, ids)) {
      endpoints.by_id.emplace(endpoint.id, std::move(endpoint));
    }
    return endpoints;
  });
}

Channel::HandedOver WebhookChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                         absl::Time deadline) {
  HandedOver handed_over;
  met_.clear();
  met_message_number_ = lease.message_number;
  const std::vector<std::string> ids = Targets(window);
  const absl::StatusOr<Endpoints> endpoints = LoadEndpoints(ids);
  if (!endpoints.ok()) {
    telemetry::Warning("webhooks cannot be called now", {{"error", std::string(endpoints.status().message())}});
    handed_over.reachable = false;
    for (const Due& due : window) handed_over.decisions.push_back(WithoutCall(due, {.state = "PENDING"}));
    return handed_over;
  }
  const absl::Time now = endpoints->now;
  std::set<std::string> probed;
  std::vector<size_t> places;
  std::vector<http::OutgoingRequest> requests;
  const auto close = [&](size_t place, const absl::StatusOr<http::Answer>& answer) {
    const CallResult result = ReadAnswer(answer, now);
    met_[window[place].seq] = {.endpoint_id = ids[place], .verdict = result.verdict};
    handed_over.decisions.push_back(Decide(window[place], result));
  };
  for (size_t i = 0; i < window.size(); ++i) {
    const auto found = endpoints->by_id.find(ids[i]);
    const WebhookEndpoint* const endpoint = found == endpoints->by_id.end() ? nullptr : &found->second;
    if (std::optional<Disposition> obstacle = Obstacle(endpoint, probed, now); obstacle) {
      handed_over.decisions.push_back(WithoutCall(window[i], *std::move(obstacle)));
      continue;
    }
    absl::StatusOr<http::OutgoingRequest> request =
        MakeCall(parts_.secrets_key, *endpoint, options_.outbound, WebhookIdOf(message, window[i]),
                 BodyOf(message, window[i]), now);
    if (request.ok()) {
      places.push_back(i);
      requests.push_back(*std::move(request));
    } else {
      close(i, request.status());
    }
  }
  const std::vector<absl::StatusOr<http::Answer>> answers = client_.SendAll({.deadline = deadline}, requests);
  for (size_t i = 0; i < answers.size(); ++i) close(places[i], answers[i]);
  return handed_over;
}

void WebhookChannel::Record(db::Transaction& tx, const Lease& lease, const Message&,
                            const std::vector<Decision>& decisions) {
  if (lease.message_number != met_message_number_) return;
  std::map<std::string, std::vector<Verdict>> by_endpoint;  // In the order of their IDs: nobody waits in a circle.
  for (const Decision& decision : decisions) {
    const auto met = met_.find(decision.seq);
    if (met != met_.end()) by_endpoint[met->second.endpoint_id].push_back(met->second.verdict);
  }
  for (const auto& [id, verdicts] : by_endpoint) {
    std::optional<WebhookEndpoint> endpoint = LockWebhookEndpoint(tx, id);
    if (endpoint) RecordVerdicts(tx, parts_.feed, *endpoint, verdicts);
  }
}

}  // namespace masthead::notifications::webhooks
