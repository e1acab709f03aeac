#include "services/memberships/plans/price_proto.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

v1::Price::Interval::Unit ToProto(BillingInterval::Unit unit) {
  switch (unit) {
    case BillingInterval::Unit::kWeek:
      return v1::Price::Interval::WEEK;
    case BillingInterval::Unit::kMonth:
      return v1::Price::Interval::MONTH;
    case BillingInterval::Unit::kYear:
      return v1::Price::Interval::YEAR;
  }
  return v1::Price::Interval::UNIT_UNSPECIFIED;
}

BillingInterval ParseInterval(absl::string_view field, const v1::Price::Interval& proto, FieldViolations& violations) {
  BillingInterval interval = {.unit = BillingInterval::Unit::kMonth, .count = proto.count()};
  switch (proto.unit()) {
    case v1::Price::Interval::WEEK:
      interval.unit = BillingInterval::Unit::kWeek;
      break;
    case v1::Price::Interval::MONTH:
      break;
    case v1::Price::Interval::YEAR:
      interval.unit = BillingInterval::Unit::kYear;
      break;
    default:
      violations.Add(absl::StrCat(field, ".unit"), "must be WEEK, MONTH or YEAR");
  }
  return interval;
}

}  // namespace

v1::Price ToProto(const Price& price) {
  v1::Price proto;
  proto.set_name(PriceName(price.id));
  if (!price.tier_id.empty()) proto.set_tier(TierName(price.tier_id));
  proto.set_display_name(price.display_name);
  proto.mutable_amount()->set_currency_code(price.money.currency);
  proto.mutable_amount()->set_minor_units(price.money.amount);
  if (price.least_amount && price.most_amount) {
    proto.mutable_amount_bounds()->set_least(*price.least_amount);
    proto.mutable_amount_bounds()->set_most(*price.most_amount);
  }
  if (price.interval) {
    proto.mutable_interval()->set_unit(ToProto(price.interval->unit));
    proto.mutable_interval()->set_count(price.interval->count);
  }
  proto.set_trial_days(price.trial_days);
  proto.set_least_seats(price.least_seats);
  proto.set_most_seats(price.most_seats);
  proto.set_tax_basis_points(price.tax_basis_points);
  proto.mutable_grace_days()->set_value(price.grace_days);
  proto.set_state(price.state == Price::State::kActive ? v1::Price::ACTIVE : v1::Price::ARCHIVED);
  *proto.mutable_create_time() = resource::ToTimestamp(price.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(price.update_time);
  proto.set_etag(resource::Etag(price.revision));
  return proto;
}

Price ParsePrice(absl::string_view field, const v1::Price& proto, FieldViolations& violations) {
  Price price;
  if (!proto.tier().empty()) price.tier_id = IdIn(absl::StrCat(field, ".tier"), proto.tier(), "tiers", violations);
  price.display_name = proto.display_name();
  price.money = {proto.amount().currency_code(), proto.amount().minor_units()};
  if (proto.has_amount_bounds()) {
    price.least_amount = proto.amount_bounds().least();
    price.most_amount = proto.amount_bounds().most();
  }
  if (proto.has_interval()) {
    price.interval = ParseInterval(absl::StrCat(field, ".interval"), proto.interval(), violations);
  }
  price.trial_days = proto.trial_days();
  price.least_seats = proto.least_seats() == 0 ? 1 : proto.least_seats();
  price.most_seats = proto.most_seats() == 0 ? price.least_seats : proto.most_seats();
  price.tax_basis_points = proto.tax_basis_points();
  if (proto.has_grace_days()) price.grace_days = proto.grace_days().value();
  return price;
}

}  // namespace masthead::memberships
