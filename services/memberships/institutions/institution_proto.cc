#include "services/memberships/institutions/institution_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {

v1::Institution ToProto(const Institution& institution) {
  v1::Institution proto;
  proto.set_name(InstitutionName(institution.id));
  proto.set_display_name(institution.display_name);
  proto.set_tier(TierName(institution.tier_id));
  for (const std::string& domain : institution.domains) proto.add_domains(domain);
  for (const std::string& network : institution.networks) proto.add_networks(network);
  if (institution.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*institution.end_time);
  *proto.mutable_create_time() = resource::ToTimestamp(institution.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(institution.update_time);
  proto.set_etag(resource::Etag(institution.revision));
  return proto;
}

void ParseFields(absl::string_view field, const v1::Institution& proto, const std::set<std::string>& fields,
                 Institution& institution, FieldViolations& violations) {
  if (fields.contains("display_name")) institution.display_name = proto.display_name();
  if (fields.contains("tier")) {
    institution.tier_id = IdIn(absl::StrCat(field, ".tier"), proto.tier(), "tiers", violations);
  }
  if (fields.contains("domains")) institution.domains = {proto.domains().begin(), proto.domains().end()};
  if (fields.contains("networks")) institution.networks = {proto.networks().begin(), proto.networks().end()};
  if (fields.contains("end_time")) {
    institution.end_time.reset();
    if (proto.has_end_time()) {
      institution.end_time = resource::ParseTimestamp(absl::StrCat(field, ".end_time"), proto.end_time(), violations);
    }
  }
}

}  // namespace masthead::memberships
