#include "services/articles/taxonomy/taxonomy_proto.h"

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article_proto.h"

namespace masthead::articles {
namespace {

// Section and Tag have the same fields.
template <typename Proto>
Proto TopicToProto(const Topic& topic, std::string name) {
  Proto proto;
  proto.set_name(std::move(name));
  proto.set_etag(resource::Etag(topic.version));
  proto.set_display_name(topic.display_name);
  proto.set_slug(topic.slug);
  proto.set_description(topic.description);
  *proto.mutable_create_time() = resource::ToTimestamp(topic.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(topic.update_time);
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
  v1::Contributor proto;
  proto.set_name(ContributorName(contributor.id));
  proto.set_etag(resource::Etag(contributor.version));
  proto.set_kind(ToProto(contributor.kind));
  proto.set_display_name(contributor.display_name);
  proto.set_biography(contributor.biography);
  proto.set_contact_email(contributor.contact_email);
  *proto.mutable_create_time() = resource::ToTimestamp(contributor.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(contributor.update_time);
  return proto;
}

v1::Section ToSectionProto(const Topic& topic) { return TopicToProto<v1::Section>(topic, SectionName(topic.id)); }
v1::Tag ToTagProto(const Topic& topic) { return TopicToProto<v1::Tag>(topic, TagName(topic.id)); }

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

}  // namespace masthead::articles
