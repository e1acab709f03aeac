#include "services/memberships/stats/stats_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/db/snapshot.h"
#include "common/resource/timestamp.h"
#include "services/memberships/billing/recurring_revenue.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/plans/tier.h"
#include "services/memberships/stats/figures_store.h"
#include "services/memberships/stats/months.h"

namespace masthead::memberships {
namespace {

// A figure that takes longer is not worth the database's time.
constexpr absl::Duration kMostTime = absl::Seconds(20);
constexpr absl::Duration kLongestPeriod = absl::Hours(24 * 1830);
constexpr absl::Duration kDefaultPeriod = absl::Hours(24 * 30);
constexpr int kMostPlaces = 200;

Scope Bounded(const Scope& scope) {
  return {.deadline = std::min(scope.deadline, absl::Now() + kMostTime), .cancellation = scope.cancellation};
}

// The months of a request, once they are checked.
struct Months {
  absl::TimeZone zone;
  std::optional<absl::Time> first;
  int count = kDefaultMonths;

  std::vector<absl::Time> Boundaries(absl::Time now) const { return MonthBoundaries(zone, first, count, now); }
};

absl::StatusOr<Months> ParseMonths(const v1::StatsMonths& proto) {
  FieldViolations violations;
  Months months;
  CheckTimeZone("months.time_zone", proto.time_zone(), violations);
  if (proto.has_start_time()) {
    months.first = resource::ParseTimestamp("months.start_time", proto.start_time(), violations);
  }
  if (proto.count() < 0 || proto.count() > kMaxMonths) {
    violations.Add("months.count", absl::StrCat("must be from 0 to ", kMaxMonths));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (proto.count() > 0) months.count = proto.count();
  if (!proto.time_zone().empty()) absl::LoadTimeZone(proto.time_zone(), &months.zone);
  return months;
}

void SetMonthly(const Money& annual, v1::Money& proto) {
  proto.set_currency_code(annual.currency);
  proto.set_minor_units(MonthlyRevenue({annual.amount}));
}

v1::MonthRevenue ToProto(absl::Time start_time, const std::string& currency, const RevenueMonth& month) {
  v1::MonthRevenue proto;
  *proto.mutable_start_time() = resource::ToTimestamp(start_time);
  proto.set_currency_code(currency);
  proto.set_opening(month.opening);
  proto.set_from_new(month.from_new);
  proto.set_from_reactivation(month.from_reactivation);
  proto.set_from_expansion(month.from_expansion);
  proto.set_from_contraction(month.from_contraction);
  proto.set_from_churn(month.from_churn);
  proto.set_closing(month.closing);
  proto.set_closing_annual(month.closing_annual);
  return proto;
}

v1::MonthChurn ToProto(absl::Time start_time, const MonthOfMembers& month) {
  v1::MonthChurn proto;
  *proto.mutable_start_time() = resource::ToTimestamp(start_time);
  proto.set_opening_members(month.opening);
  proto.set_members_gained(month.gained);
  proto.set_members_lost(month.lost);
  proto.set_lost_basis_points(month.lost_basis_points);
  return proto;
}

v1::TierCounter ToProto(const TierHolders& holders) {
  v1::TierCounter proto;
  proto.set_tier(TierName(holders.tier_id));
  proto.set_members(holders.members);
  proto.set_by_subscription(holders.by_subscription);
  proto.set_by_gift(holders.by_gift);
  proto.set_by_seat(holders.by_seat);
  proto.set_by_institution(holders.by_institution);
  proto.set_complimentary(holders.complimentary);
  return proto;
}

std::optional<AttributionDimension> ParseDimension(v1::GetAttributionStatsRequest::Dimension dimension) {
  using Request = v1::GetAttributionStatsRequest;
  switch (dimension) {
    case Request::DIMENSION_UNSPECIFIED:
    case Request::SOURCE:
      return AttributionDimension::kSource;
    case Request::MEDIUM:
      return AttributionDimension::kMedium;
    case Request::UTM_CAMPAIGN:
      return AttributionDimension::kUtmCampaign;
    case Request::TERM:
      return AttributionDimension::kTerm;
    case Request::CONTENT:
      return AttributionDimension::kContent;
    case Request::REFERRER:
      return AttributionDimension::kReferrer;
    case Request::LANDING_PATH:
      return AttributionDimension::kLandingPath;
    case Request::REFERRAL:
      return AttributionDimension::kReferral;
    case Request::ARTICLE:
      return AttributionDimension::kArticle;
    case Request::CAMPAIGN:
      return AttributionDimension::kCampaign;
    default:
      return std::nullopt;
  }
}

}  // namespace

void StatsService::Register(rpc::Service& service) {
  service.Unary("GetRevenueStats", this, &StatsService::GetRevenue);
  service.Unary("GetChurn", this, &StatsService::GetChurn);
  service.Unary("GetCohorts", this, &StatsService::GetCohorts);
  service.Unary("GetCounters", this, &StatsService::GetCounters);
  service.Unary("GetAttributionStats", this, &StatsService::GetAttribution);
}

absl::StatusOr<v1::RevenueStats> StatsService::GetRevenue(const Call& call, const v1::GetRevenueStatsRequest& request) {
  ASSIGN_OR_RETURN(const Months months, ParseMonths(request.months()));
  return database_.Read(Bounded(call.scope), [&](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    const std::vector<absl::Time> boundaries = months.Boundaries(db::Now(tx));
    const std::vector<MovementSum> sums = LoadMovements(tx, boundaries);
    v1::RevenueStats stats;
    for (const Money& annual : LoadAnnualRevenue(tx)) SetMonthly(annual, *stats.add_current());
    for (const Money& annual : LoadScheduledChurn(tx)) SetMonthly(annual, *stats.add_scheduled_churn());
    for (const std::string& currency : CurrenciesIn(sums)) {
      const std::vector<RevenueMonth> by_month = RevenueByMonth(sums, currency, months.count);
      for (int i = 0; i < months.count; ++i) *stats.add_months() = ToProto(boundaries[i], currency, by_month[i]);
    }
    return stats;
  });
}

absl::StatusOr<v1::ChurnStats> StatsService::GetChurn(const Call& call, const v1::GetChurnRequest& request) {
  ASSIGN_OR_RETURN(const Months months, ParseMonths(request.months()));
  return database_.Read(Bounded(call.scope), [&](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    const std::vector<absl::Time> boundaries = months.Boundaries(db::Now(tx));
    const std::vector<MonthOfMembers> by_month = MembersByMonth(LoadPayingMoves(tx, boundaries), months.count);
    v1::ChurnStats stats;
    for (int i = 0; i < months.count; ++i) *stats.add_months() = ToProto(boundaries[i], by_month[i]);
    for (const MovementSum& sum : LoadMovements(tx, boundaries)) {
      if (sum.movement != Movement::kChurn || sum.month < 0) continue;
      v1::LostRevenue& lost = *stats.mutable_months(sum.month)->add_lost_revenue();
      lost.set_reason(sum.reason);
      lost.set_subscriptions(sum.moves);
      SetMonthly({sum.currency, -sum.annual}, *lost.mutable_monthly());
    }
    return stats;
  });
}

absl::StatusOr<v1::CohortStats> StatsService::GetCohorts(const Call& call, const v1::GetCohortsRequest& request) {
  ASSIGN_OR_RETURN(const Months months, ParseMonths(request.months()));
  return database_.Read(Bounded(call.scope), [&](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    const std::vector<absl::Time> boundaries = months.Boundaries(db::Now(tx));
    const std::vector<CohortRow> cohorts = Cohorts(LoadPayingMoves(tx, boundaries), months.count);
    v1::CohortStats stats;
    for (int i = 0; i < months.count; ++i) {
      v1::Cohort& cohort = *stats.add_cohorts();
      *cohort.mutable_start_time() = resource::ToTimestamp(boundaries[i]);
      cohort.set_members(cohorts[i].members);
      for (int64_t paying : cohorts[i].paying) cohort.add_paying(paying);
    }
    return stats;
  });
}

absl::StatusOr<v1::Counters> StatsService::GetCounters(const Call& call, const v1::GetCountersRequest&) {
  return database_.Read(Bounded(call.scope), [&](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    v1::Counters counters;
    counters.set_members(LoadMemberCount(tx));
    const SubscriptionCounters subscriptions = LoadSubscriptionCounters(tx);
    counters.set_paying(subscriptions.paying);
    counters.set_past_due(subscriptions.past_due);
    counters.set_trialing(subscriptions.trialing);
    counters.set_paused(subscriptions.paused);
    counters.set_complimentary(LoadComplimentaryCount(tx));
    for (const TierHolders& holders : LoadTierHolders(tx)) *counters.add_tiers() = ToProto(holders);
    return counters;
  });
}

absl::StatusOr<v1::AttributionStats> StatsService::GetAttribution(const Call& call,
                                                                  const v1::GetAttributionStatsRequest& request) {
  FieldViolations violations;
  const std::optional<AttributionDimension> dimension = ParseDimension(request.dimension());
  if (!dimension) violations.Add("dimension", "must be one of those there are");
  std::optional<absl::Time> start;
  std::optional<absl::Time> end;
  if (request.has_start_time()) start = resource::ParseTimestamp("start_time", request.start_time(), violations);
  if (request.has_end_time()) end = resource::ParseTimestamp("end_time", request.end_time(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(Bounded(call.scope), [&](db::Transaction& tx) -> absl::StatusOr<v1::AttributionStats> {
    const absl::Time until = end.value_or(db::Now(tx));
    const absl::Time since = start.value_or(until - kDefaultPeriod);
    FieldViolations in_period;
    if (until <= since || until - since > kLongestPeriod) {
      in_period.Add("end_time", "must be after `start_time`, at most 1,830 days");
    }
    RETURN_IF_ERROR(in_period.ToStatus());
    v1::AttributionStats stats;
    for (const AttributionSum& sum : LoadAttributionSums(tx, *dimension, since, until, kMostPlaces)) {
      v1::AttributionFigures& figures = *stats.add_figures();
      figures.set_value(sum.value);
      figures.set_sign_ups(sum.sign_ups);
      figures.set_payments(sum.payments);
    }
    return stats;
  });
}

}  // namespace masthead::memberships
