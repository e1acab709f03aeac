#include "services/notifications/routes/rates.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "common/db/now.h"
#include "services/notifications/routes/route_store.h"

namespace masthead::notifications {
namespace {

// What one window asks of the buckets, in order.
class Admission {
 public:
  Admission(const Route& route, std::map<std::string, RouteBucket>& buckets, absl::Time now)
      : route_(route), buckets_(buckets), now_(now), day_limit_(WarmUpLimit(route.warm_up, route.warm_up_day)) {}

  absl::Duration Of(const std::string& domain, bool urgent) {
    RouteBucket& own = buckets_[""];
    RouteBucket& its = buckets_[domain];
    if (!urgent) {
      if (its.resume_time > now_) return its.resume_time - now_;
      if (day_limit_ >= 0 && own.sent_today >= day_limit_) return UntilTomorrow();
      // Both or neither: a look first.
      const absl::Duration wait = std::max(Wait(own.tokens, route_.rate_per_minute, 1 + ahead_[""]),
                                           Wait(its.tokens, route_.domain_rate_per_minute, 1 + ahead_[domain]));
      if (wait > absl::ZeroDuration()) {
        ++ahead_[""];
        if (!domain.empty()) ++ahead_[domain];
        return wait;
      }
    }
    if (route_.rate_per_minute > 0) ForceTokens(own.tokens, route_.rate_per_minute, now_, 1);
    if (route_.domain_rate_per_minute > 0) ForceTokens(its.tokens, route_.domain_rate_per_minute, now_, 1);
    ++own.sent_today;
    return absl::ZeroDuration();
  }

 private:
  absl::Duration Wait(TokenBucket& bucket, int64_t rate, int64_t n) const {
    if (rate == 0) return absl::ZeroDuration();
    TakeTokens(bucket, rate, now_, 0);  // What was earned until now counts.
    return UntilToken(bucket, rate, n);
  }

  absl::Duration UntilTomorrow() const {
    const absl::TimeZone utc = absl::UTCTimeZone();
    return absl::FromCivil(absl::ToCivilDay(now_, utc) + 1, utc) - now_;
  }

  const Route& route_;
  std::map<std::string, RouteBucket>& buckets_;
  const absl::Time now_;
  const int64_t day_limit_;
  std::map<std::string, int64_t> ahead_;  // Who waits already: they do not all come back at once.
};

}  // namespace

std::vector<absl::Duration> Admit(db::Transaction& tx, const Route& route, const std::vector<std::string>& domains,
                                  bool urgent) {
  std::set<std::string> wanted(domains.begin(), domains.end());
  wanted.insert("");
  std::map<std::string, RouteBucket> buckets = LockBuckets(tx, route.id, {wanted.begin(), wanted.end()});
  Admission admission(route, buckets, db::Now(tx));
  std::vector<absl::Duration> waits;
  for (const std::string& domain : domains) waits.push_back(admission.Of(domain, urgent));
  SaveBuckets(tx, route.id, buckets);
  return waits;
}

std::string DomainOf(absl::string_view mailbox) {
  const size_t at = mailbox.rfind('@');
  return at == absl::string_view::npos ? "" : absl::AsciiStrToLower(mailbox.substr(at + 1));
}

}  // namespace masthead::notifications
