#include "services/memberships/plans/offer_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

v1::Offer::Duration ToProto(Offer::Duration duration) {
  switch (duration) {
    case Offer::Duration::kOnce:
      return v1::Offer::ONCE;
    case Offer::Duration::kRepeating:
      return v1::Offer::REPEATING;
    case Offer::Duration::kForever:
      return v1::Offer::FOREVER;
  }
  return v1::Offer::DURATION_UNSPECIFIED;
}

void ParseTerms(absl::string_view field, const v1::Offer& proto, Offer& offer, FieldViolations& violations) {
  switch (proto.terms_case()) {
    case v1::Offer::kPercentBasisPoints:
      offer.kind = Offer::Kind::kPercent;
      offer.basis_points = proto.percent_basis_points();
      return;
    case v1::Offer::kAmountOff:
      offer.kind = Offer::Kind::kAmount;
      offer.off = {proto.amount_off().currency_code(), proto.amount_off().minor_units()};
      return;
    case v1::Offer::kFreeDays:
      offer.kind = Offer::Kind::kFreeDays;
      offer.free_days = proto.free_days();
      return;
    case v1::Offer::TERMS_NOT_SET:
      break;
  }
  violations.Add(absl::StrCat(field, ".terms"), "must be `percent_basis_points`, `amount_off` or `free_days`");
  offer.basis_points = 1;  // So that what is missing is not told twice.
}

Offer::Duration ParseDuration(absl::string_view field, v1::Offer::Duration duration, FieldViolations& violations) {
  switch (duration) {
    case v1::Offer::ONCE:
      return Offer::Duration::kOnce;
    case v1::Offer::REPEATING:
      return Offer::Duration::kRepeating;
    case v1::Offer::FOREVER:
      return Offer::Duration::kForever;
    default:
      violations.Add(absl::StrCat(field, ".duration"), "must be ONCE, REPEATING or FOREVER");
      return Offer::Duration::kOnce;
  }
}

Offer::Occasion ParseOccasion(absl::string_view field, v1::Offer::Occasion occasion, FieldViolations& violations) {
  if (occasion == v1::Offer::RETENTION) return Offer::Occasion::kRetention;
  if (occasion != v1::Offer::SIGN_UP) {
    violations.Add(absl::StrCat(field, ".occasion"), "must be SIGN_UP or RETENTION");
  }
  return Offer::Occasion::kSignUp;
}

std::optional<absl::Time> ParseOptionalTime(absl::string_view field, bool is_set,
                                            const google::protobuf::Timestamp& time, FieldViolations& violations) {
  if (!is_set) return std::nullopt;
  return resource::ParseTimestamp(field, time, violations);
}

}  // namespace

v1::Offer ToProto(const Offer& offer) {
  v1::Offer proto;
  proto.set_name(OfferName(offer.id));
  proto.set_display_name(offer.display_name);
  if (offer.kind == Offer::Kind::kPercent) proto.set_percent_basis_points(offer.basis_points);
  if (offer.kind == Offer::Kind::kFreeDays) proto.set_free_days(offer.free_days);
  if (offer.kind == Offer::Kind::kAmount) {
    proto.mutable_amount_off()->set_currency_code(offer.off.currency);
    proto.mutable_amount_off()->set_minor_units(offer.off.amount);
  }
  proto.set_duration(ToProto(offer.duration));
  proto.set_invoices(offer.invoices);
  proto.set_occasion(offer.occasion == Offer::Occasion::kSignUp ? v1::Offer::SIGN_UP : v1::Offer::RETENTION);
  for (const std::string& tier_id : offer.tier_ids) proto.add_tiers(TierName(tier_id));
  if (offer.start_time) *proto.mutable_start_time() = resource::ToTimestamp(*offer.start_time);
  if (offer.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*offer.end_time);
  proto.set_max_redemptions(offer.max_redemptions.value_or(0));
  proto.set_redemptions(offer.redemptions);
  proto.set_state(offer.state == Offer::State::kActive ? v1::Offer::ACTIVE : v1::Offer::ARCHIVED);
  *proto.mutable_create_time() = resource::ToTimestamp(offer.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(offer.update_time);
  proto.set_etag(resource::Etag(offer.revision));
  return proto;
}

Offer ParseOffer(absl::string_view field, const v1::Offer& proto, FieldViolations& violations) {
  Offer offer;
  ParseTerms(field, proto, offer, violations);
  offer.duration = ParseDuration(field, proto.duration(), violations);
  offer.invoices = proto.invoices();
  offer.occasion = ParseOccasion(field, proto.occasion(), violations);
  const std::string tiers = absl::StrCat(field, ".tiers");
  if (proto.tiers_size() > kMaxOfferTiers) {
    violations.Add(tiers, absl::StrCat("must have at most ", kMaxOfferTiers, " entries"));
  } else {
    for (int i = 0; i < proto.tiers_size(); ++i) {
      offer.tier_ids.push_back(IdIn(absl::StrCat(tiers, "[", i, "]"), proto.tiers(i), "tiers", violations));
    }
  }
  ParseFields(field, proto, {"display_name", "start_time", "end_time", "max_redemptions"}, offer, violations);
  return offer;
}

void ParseFields(absl::string_view field, const v1::Offer& proto, const std::set<std::string>& fields, Offer& offer,
                 FieldViolations& violations) {
  if (fields.contains("display_name")) offer.display_name = proto.display_name();
  if (fields.contains("start_time")) {
    offer.start_time =
        ParseOptionalTime(absl::StrCat(field, ".start_time"), proto.has_start_time(), proto.start_time(), violations);
  }
  if (fields.contains("end_time")) {
    offer.end_time =
        ParseOptionalTime(absl::StrCat(field, ".end_time"), proto.has_end_time(), proto.end_time(), violations);
  }
  if (fields.contains("max_redemptions")) {
    offer.max_redemptions.reset();
    if (proto.max_redemptions() != 0) offer.max_redemptions = proto.max_redemptions();
  }
}

}  // namespace masthead::memberships
