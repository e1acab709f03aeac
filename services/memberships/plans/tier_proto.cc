#include "services/memberships/plans/tier_proto.h"

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"

namespace masthead::memberships {

v1::Tier ToProto(const Tier& tier) {
  v1::Tier proto;
  proto.set_name(TierName(tier.id));
  proto.set_display_name(tier.display_name);
  proto.set_description(tier.description);
  for (const std::string& benefit : tier.benefits) proto.add_benefits(benefit);
  proto.set_state(tier.state == Tier::State::kActive ? v1::Tier::ACTIVE : v1::Tier::ARCHIVED);
  *proto.mutable_create_time() = resource::ToTimestamp(tier.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(tier.update_time);
  proto.set_etag(resource::Etag(tier.revision));
  return proto;
}

void ParseFields(const v1::Tier& proto, const std::set<std::string>& fields, Tier& tier) {
  if (fields.contains("display_name")) tier.display_name = proto.display_name();
  if (fields.contains("description")) tier.description = proto.description();
  if (fields.contains("benefits")) tier.benefits = {proto.benefits().begin(), proto.benefits().end()};
}

}  // namespace masthead::memberships
