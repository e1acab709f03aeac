#include "services/notifications/sending/email_channel.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/telemetry/log.h"
#include "services/notifications/routes/rates.h"
#include "services/notifications/routes/route_password.h"
#include "services/notifications/routes/route_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kTransactionPatience = absl::Seconds(20);
constexpr absl::Duration kRouteKept = absl::Seconds(5);  // How late a changed route takes effect.
constexpr int kTooBusy = 421;

Scope Patience() { return {.deadline = absl::Now() + kTransactionPatience}; }

// No letter can be made for this reader; or not now.
Decision Unwritten(const Due& due, const absl::Status& error) {
  if (absl::IsInvalidArgument(error) || absl::IsFailedPrecondition(error)) {
    return {
        .seq = due.seq, .disposition = Unrenderable(error), .attempted = true, .text = std::string(error.message())};
  }
  return {.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}};
}

// Nothing was tried: not of anybody's doing here.
Channel::HandedOver NobodyNow(const std::vector<Due>& window, const absl::Status& error) {
  telemetry::Warning("letters of a route cannot be sent now", {{"error", std::string(error.message())}});
  Channel::HandedOver handed_over{.decisions = {}, .reachable = false};
  for (const Due& due : window) {
    handed_over.decisions.push_back({.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}});
  }
  return handed_over;
}

}  // namespace

absl::StatusOr<EmailChannel::Line*> EmailChannel::LineOf(const Message& message) {
  Line& line = lines_[message.route];
  const absl::Time now = absl::Now();
  if (line.smtp != nullptr && (message.route.empty() || line.loaded_at + kRouteKept > now)) return &line;
  Route route = default_route_;
  if (!message.route.empty()) {
    ASSIGN_OR_RETURN(const std::optional<Route> loaded, parts_.database.Read(Patience(), [&](db::Transaction& tx) {
      return LoadRoute(tx, message.route, default_route_);
    }));
    // A route that was deleted: its messages leave by the default one.
    if (loaded) {
      ASSIGN_OR_RETURN(route, WithPassword(parts_.route_passwords_key, *loaded));
    }
  }
  if (line.smtp == nullptr || line.route.revision != route.revision || line.route.id != route.id) {
    line.smtp = std::make_unique<mail::SmtpRoute>(route.smtp);
  }
  line.route = std::move(route);
  line.loaded_at = now;
  return &line;
}

absl::StatusOr<std::vector<const Due*>> EmailChannel::Admitted(const Route& route, const Message& message,
                                                               const std::vector<Due>& window,
                                                               std::vector<Decision>& decisions) {
  std::vector<absl::Duration> waits(window.size());
  if (route.has_rates()) {
    std::vector<std::string> domains;
    for (const Due& due : window) domains.push_back(DomainOf(due.mailbox));
    ASSIGN_OR_RETURN(waits, parts_.database.Write(Patience(), [&](db::Transaction& tx) {
      return Admit(tx, route, domains, IsTransactional(message));
    }));
  }
  std::vector<const Due*> admitted;
  for (size_t i = 0; i < window.size(); ++i) {
    if (waits[i] == absl::ZeroDuration()) {
      admitted.push_back(&window[i]);
    } else {
      decisions.push_back({.seq = window[i].seq,
                           .disposition = {.state = "DEFERRED",
                                           .reason = "RATE",
                                           .retry_in = absl::Ceil(waits[i], absl::Milliseconds(1)),
                                           .counts_as_attempt = false}});
    }
  }
  return admitted;
}

std::vector<mail::Envelope> EmailChannel::Write(const Message& message, const std::vector<const Due*>& window,
                                                std::vector<Decision>& decisions) {
  std::vector<mail::Envelope> envelopes;
  for (const Due* due : window) {
    absl::StatusOr<mail::Envelope> envelope = letters_.Write(parts_.database, Patience(), message, *due);
    if (envelope.ok()) {
      envelopes.push_back(*std::move(envelope));
    } else {
      decisions.push_back(Unwritten(*due, envelope.status()));
    }
  }
  return envelopes;
}

absl::Status EmailChannel::Sign(const Route& route, const Message& message, std::vector<mail::Envelope>& envelopes) {
  std::vector<dkim::Identity> identities;
  for (const std::string& selector : route.dkim_selectors) {
    identities.push_back(
        {.domain = route.dkim_domain, .selector = selector, .key = parts_.keys.Find(route.dkim_domain, selector)});
    // Unsigned letters would be taken for somebody else's, and harm the domain's name for weeks: better none now.
    if (identities.back().key == nullptr) {
      return absl::UnavailableError(absl::StrCat("no DKIM key ", selector, " of ", route.dkim_domain));
    }
  }
  if (identities.empty()) return absl::OkStatus();
  std::vector<std::string*> letters;
  for (mail::Envelope& envelope : envelopes) letters.push_back(&envelope.bytes);
  return parts_.signers.Sign(letters, identities, message.create_time);
}

absl::Status EmailChannel::Learn(const Route& route, const std::map<int64_t, std::string>& domains,
                                 const std::vector<mail::Outcome>& outcomes) {
  if (!route.has_rates()) return absl::OkStatus();
  std::set<std::string> busy, open;
  for (const mail::Outcome& outcome : outcomes) {
    const std::string& domain = domains.at(outcome.id);
    if (outcome.code == kTooBusy) busy.insert(domain);
    if (outcome.kind == mail::OutcomeKind::kSent) open.insert(domain);
  }
  return parts_.database.Write(Patience(), [&](db::Transaction& tx) {
    for (const std::string& domain : busy) BackOff(tx, route.id, domain);
    for (const std::string& domain : busy) open.erase(domain);
    EndBackOff(tx, route.id, {open.begin(), open.end()});
    return absl::OkStatus();
  });
}

Channel::HandedOver EmailChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                       absl::Time deadline) {
  const absl::StatusOr<Line*> line = LineOf(message);
  if (!line.ok()) return NobodyNow(window, line.status());
  HandedOver handed_over;
  std::vector<Decision>& decisions = handed_over.decisions;
  const absl::StatusOr<std::vector<const Due*>> admitted = Admitted((*line)->route, message, window, decisions);
  if (!admitted.ok()) return NobodyNow(window, admitted.status());
  std::vector<mail::Envelope> envelopes = Write(message, *admitted, decisions);
  handed_over.reachable =
      std::any_of(decisions.begin(), decisions.end(), [](const Decision& decision) { return decision.attempted; });
  if (envelopes.empty()) return handed_over;
  if (const absl::Status status = Sign((*line)->route, message, envelopes); !status.ok())
    return NobodyNow(window, status);

  std::map<int64_t, const Due*> by_seq;
  std::map<int64_t, std::string> domains;
  for (const Due* due : *admitted) {
    by_seq[due->seq] = due;
    domains[due->seq] = DomainOf(due->mailbox);
  }
  const std::vector<mail::Outcome> outcomes = (*line)->smtp->Send(std::move(envelopes), deadline);
  for (const mail::Outcome& outcome : outcomes) {
    const Due& due = *by_seq.at(outcome.id);
    decisions.push_back(
        {.seq = outcome.id,
         .disposition = Judge(outcome, lease.at_most_once, due.attempts + 1, Jitter(due.seq, due.attempts)),
         .attempted = true,
         .smtp_code = outcome.code,
         .enhanced_code = outcome.enhanced.ToString(),
         .text = outcome.text});
    if (outcome.kind != mail::OutcomeKind::kNotSent && !RouteIsDown(outcome)) handed_over.reachable = true;
  }
  // What became of the letters is known, whether or not that can be learned from.
  if (const absl::Status status = Learn((*line)->route, domains, outcomes); !status.ok()) {
    telemetry::Warning("a domain's back-off was not saved", {{"error", std::string(status.message())}});
  }
  return handed_over;
}

void EmailChannel::CloseIdle(absl::Duration idle) {
  for (const auto& [id, line] : lines_) {
    if (line.smtp != nullptr) line.smtp->CloseIdle(idle);
  }
}

}  // namespace masthead::notifications
