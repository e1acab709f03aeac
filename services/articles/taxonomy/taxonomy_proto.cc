#include "services/articles/taxonomy/taxonomy_proto.h"

#include <optional>

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"

namespace masthead::articles {
namespace {

// What all of them have.
template <typename Proto, typename Resource>
Proto Begin(const Resource& resource, const std::string& name) {
  Proto proto;
  proto.set_name(name);
  proto.set_etag(resource::Etag(resource.version));
  proto.set_display_name(resource.display_name);
  *proto.mutable_create_time() = resource::ToTimestamp(resource.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(resource.update_time);
  return proto;
}

}  // namespace

v1::Contributor::Kind ToProto(Contributor::Kind kind) {
  switch (kind) {
    case Contributor::Kind::kPerson:
      return v1::Contributor::PERSON;
    case Contributor::Kind::kDesk:
      return v1::Contributor::DESK;
    case Contributor::Kind::kOrganization:
      return v1::Contributor::ORGANIZATION;
  }
  return v1::Contributor::KIND_UNSPECIFIED;
}

v1::Contributor ToProto(const Contributor& contributor) {
  auto proto = Begin<v1::Contributor>(contributor, ContributorName(contributor.id));
  proto.set_kind(ToProto(contributor.kind));
  proto.set_biography(contributor.biography);
  proto.set_contact_email(contributor.contact_email);
  return proto;
}

v1::Section ToProto(const Section& section) {
  auto proto = Begin<v1::Section>(section, SectionName(section.id));
  proto.set_slug(section.slug);
  proto.set_description(section.description);
  if (!section.parent_id.empty()) proto.set_parent(SectionName(section.parent_id));
  proto.set_url_path(SectionUrlPath(section.path));
  return proto;
}

v1::Tag ToProto(const Tag& tag) {
  auto proto = Begin<v1::Tag>(tag, TagName(tag.id));
  proto.set_slug(tag.slug);
  proto.set_description(tag.description);
  if (!tag.merged_into_id.empty()) proto.set_merged_into(TagName(tag.merged_into_id));
  return proto;
}

v1::Place ToProto(const Place& place) {
  auto proto = Begin<v1::Place>(place, PlaceName(place.id));
  proto.set_country_code(place.country_code);
  if (place.location.has_value()) {
    proto.mutable_location()->set_latitude(place.location->latitude);
    proto.mutable_location()->set_longitude(place.location->longitude);
  }
  return proto;
}

Contributor::Kind ParseKind(v1::Contributor::Kind kind, FieldViolations& violations) {
  switch (kind) {
    case v1::Contributor::PERSON:
      return Contributor::Kind::kPerson;
    case v1::Contributor::DESK:
      return Contributor::Kind::kDesk;
    case v1::Contributor::ORGANIZATION:
      return Contributor::Kind::kOrganization;
    default:
      violations.Add("contributor.kind", "is not PERSON, DESK or ORGANIZATION");
      return Contributor::Kind::kPerson;
  }
}

void ParseFields(const v1::Contributor& proto, const std::set<std::string>& fields, Contributor& contributor) {
  if (fields.count("display_name") > 0) contributor.display_name = proto.display_name();
  if (fields.count("biography") > 0) contributor.biography = proto.biography();
  if (fields.count("contact_email") > 0) contributor.contact_email = proto.contact_email();
}

void ParseFields(const v1::Section& proto, const std::set<std::string>& fields, Section& section) {
  if (fields.count("display_name") > 0) section.display_name = proto.display_name();
  if (fields.count("slug") > 0) section.slug = proto.slug();
  if (fields.count("description") > 0) section.description = proto.description();
}

void ParseFields(const v1::Tag& proto, const std::set<std::string>& fields, Tag& tag) {
  if (fields.count("display_name") > 0) tag.display_name = proto.display_name();
  if (fields.count("slug") > 0) tag.slug = proto.slug();
  if (fields.count("description") > 0) tag.description = proto.description();
}

void ParseFields(const v1::Place& proto, const std::set<std::string>& fields, Place& place) {
  if (fields.count("display_name") > 0) place.display_name = proto.display_name();
  if (fields.count("country_code") > 0) place.country_code = proto.country_code();
  if (fields.count("location") > 0) {
    place.location = proto.has_location()
                         ? std::optional(Point{proto.location().latitude(), proto.location().longitude()})
                         : std::nullopt;
  }
}

}  // namespace masthead::articles
