#include "services/notifications/routes/route_proto.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/notifications/mail/smtp_route.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxHost = 253;
constexpr size_t kMaxCredential = 255;
constexpr int kMaxSelectors = 2;
constexpr int kMaxConnections = 100;
constexpr int kMaxRate = 10'000'000;
constexpr int kMaxWarmUpDays = 366;
constexpr uint16_t kSubmission = 587;  // RFC 6409
constexpr size_t kDefaultConnections = 4;

// A name or an address, of what these are made of: nothing that could be a second word to somebody.
bool IsHost(absl::string_view host) {
  return !host.empty() && host.size() <= kMaxHost && std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == ':';
  });
}

bool IsLabels(absl::string_view name) { return IsHost(name) && name.find(':') == absl::string_view::npos; }

bool IsCredential(absl::string_view text) {
  return text.size() <= kMaxCredential && text.find('\0') == absl::string_view::npos;
}

mail::SmtpTls ParseTls(v1::Route::Tls tls) {
  if (tls == v1::Route::NONE) return mail::SmtpTls::kNone;
  return tls == v1::Route::OPPORTUNISTIC ? mail::SmtpTls::kOpportunistic : mail::SmtpTls::kRequired;
}

v1::Route::Tls ToProto(mail::SmtpTls tls) {
  if (tls == mail::SmtpTls::kNone) return v1::Route::NONE;
  return tls == mail::SmtpTls::kOpportunistic ? v1::Route::OPPORTUNISTIC : v1::Route::REQUIRED;
}

void ParseServer(const v1::Route& proto, const std::set<std::string>& fields, Route& route,
                 FieldViolations& violations) {
  if (fields.contains("host")) {
    if (!IsHost(proto.host())) violations.Add("route.host", "must be a host name or an address");
    route.smtp.host = proto.host();
  }
  if (fields.contains("port")) {
    if (proto.port() < 0 || proto.port() > 65535) violations.Add("route.port", "must be 1 to 65535");
    route.smtp.port = proto.port() == 0 ? kSubmission : static_cast<uint16_t>(proto.port());
  }
  if (fields.contains("tls")) {
    if (!v1::Route::Tls_IsValid(proto.tls())) violations.Add("route.tls", "must be a known mode");
    route.smtp.tls = ParseTls(proto.tls());
  }
  if (fields.contains("user")) {
    if (!IsCredential(proto.user())) violations.Add("route.user", "must be at most 255 characters without NUL");
    route.smtp.user = proto.user();
  }
  if (fields.contains("password")) {
    if (!IsCredential(proto.password())) violations.Add("route.password", "must be at most 255 characters without NUL");
    route.smtp.password = proto.password();
  }
  if (fields.contains("max_connections")) {
    if (proto.max_connections() < 0 || proto.max_connections() > kMaxConnections) {
      violations.Add("route.max_connections", "must be 1 to 100");
    }
    route.smtp.max_connections =
        proto.max_connections() == 0 ? kDefaultConnections : static_cast<size_t>(proto.max_connections());
  }
}

void ParseSigning(const v1::Route& proto, const std::set<std::string>& fields, Route& route,
                  FieldViolations& violations) {
  if (fields.contains("dkim_domain")) {
    if (!proto.dkim_domain().empty() && !IsLabels(proto.dkim_domain())) {
      violations.Add("route.dkim_domain", "must be a domain");
    }
    route.dkim_domain = absl::AsciiStrToLower(proto.dkim_domain());
  }
  if (fields.contains("dkim_selectors")) {
    if (proto.dkim_selectors_size() > kMaxSelectors) violations.Add("route.dkim_selectors", "must be at most 2");
    for (const std::string& selector : proto.dkim_selectors()) {
      if (!IsLabels(selector)) violations.Add("route.dkim_selectors", "must be labels of a domain");
    }
    route.dkim_selectors.assign(proto.dkim_selectors().begin(), proto.dkim_selectors().end());
  }
  if (!route.dkim_selectors.empty() && route.dkim_domain.empty()) {
    violations.Add("route.dkim_domain", "must be set where there are selectors");
  }
}

void ParseRate(absl::string_view field, int rate, int64_t& value, FieldViolations& violations) {
  if (rate < 0 || rate > kMaxRate) violations.Add(field, absl::StrCat("must be 0 to ", kMaxRate));
  value = rate;
}

void ParseWarmUp(const v1::Route& proto, Route& route, FieldViolations& violations) {
  const v1::Route::WarmUp& warm_up = proto.warm_up();
  route.warm_up = {.start = warm_up.start(), .end = warm_up.end(), .days = warm_up.days()};
  if (!proto.has_warm_up()) return;
  if (warm_up.start() < 1 || warm_up.start() > kMaxRate) violations.Add("route.warm_up.start", "must be 1 to 10000000");
  if (warm_up.end() < warm_up.start() || warm_up.end() > kMaxRate) {
    violations.Add("route.warm_up.end", "must be at least `start`, at most 10000000");
  }
  if (warm_up.days() < 1 || warm_up.days() > kMaxWarmUpDays) violations.Add("route.warm_up.days", "must be 1 to 366");
  if (warm_up.has_start_time()) {
    route.warm_up_start = resource::ParseTimestamp("route.warm_up.start_time", warm_up.start_time(), violations);
  }
}

}  // namespace

v1::Route ToProto(const Route& route) {
  v1::Route proto;
  proto.set_name(RouteName(route.id));
  proto.set_host(route.smtp.host);
  proto.set_port(route.smtp.port);
  proto.set_tls(ToProto(route.smtp.tls));
  proto.set_user(route.smtp.user);
  proto.set_dkim_domain(route.dkim_domain);
  for (const std::string& selector : route.dkim_selectors) proto.add_dkim_selectors(selector);
  proto.set_max_connections(static_cast<int32_t>(route.smtp.max_connections));
  proto.set_rate_per_minute(static_cast<int32_t>(route.rate_per_minute));
  proto.set_domain_rate_per_minute(static_cast<int32_t>(route.domain_rate_per_minute));
  if (route.warm_up.days > 0) {
    v1::Route::WarmUp& warm_up = *proto.mutable_warm_up();
    warm_up.set_start(route.warm_up.start);
    warm_up.set_end(route.warm_up.end);
    warm_up.set_days(route.warm_up.days);
    *warm_up.mutable_start_time() = resource::ToTimestamp(route.warm_up_start);
  }
  if (route.id == kDefaultRoute) return proto;
  *proto.mutable_create_time() = resource::ToTimestamp(route.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(route.update_time);
  proto.set_etag(resource::Etag(route.revision));
  return proto;
}

void ParseRoute(const v1::Route& proto, const std::set<std::string>& fields, Route& route,
                FieldViolations& violations) {
  ParseServer(proto, fields, route, violations);
  ParseSigning(proto, fields, route, violations);
  if (fields.contains("rate_per_minute")) {
    ParseRate("route.rate_per_minute", proto.rate_per_minute(), route.rate_per_minute, violations);
  }
  if (fields.contains("domain_rate_per_minute")) {
    ParseRate("route.domain_rate_per_minute", proto.domain_rate_per_minute(), route.domain_rate_per_minute, violations);
  }
  if (fields.contains("warm_up")) ParseWarmUp(proto, route, violations);
  const bool has_password = !route.smtp.password.empty() || !route.sealed_password.empty();
  if (!route.smtp.user.empty() && !has_password) violations.Add("route.password", "must be set where there is a user");
  if (!violations.empty()) return;
  const absl::Status usable = mail::SmtpRoute::Check(route.smtp);
  if (!usable.ok()) violations.Add("route", usable.message());
}

}  // namespace masthead::notifications
