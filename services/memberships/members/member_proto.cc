#include "services/memberships/members/member_proto.h"

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

v1::Member::State ToProto(Member::State state) {
  switch (state) {
    case Member::State::kActive:
      return v1::Member::ACTIVE;
    case Member::State::kDeleted:
      return v1::Member::DELETED;
    case Member::State::kMerged:
      return v1::Member::MERGED;
    case Member::State::kErased:
      return v1::Member::ERASED;
  }
  return v1::Member::STATE_UNSPECIFIED;
}

}  // namespace

v1::Member ToImpersonalProto(const Member& member) {
  v1::Member proto;
  proto.set_name(MemberName(member.id));
  proto.set_locale(member.locale);
  proto.set_time_zone(member.time_zone);
  proto.set_state(ToProto(member.state));
  for (const auto& [key, value] : member.labels) (*proto.mutable_labels())[key] = value;
  *proto.mutable_create_time() = resource::ToTimestamp(member.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(member.update_time);
  if (member.delete_time) *proto.mutable_delete_time() = resource::ToTimestamp(*member.delete_time);
  if (member.email_verify_time) {
    *proto.mutable_email_verify_time() = resource::ToTimestamp(*member.email_verify_time);
  }
  if (!member.merged_into.empty()) proto.set_merged_into(MemberName(member.merged_into));
  proto.set_etag(resource::Etag(member.revision));
  return proto;
}

v1::Member ToProto(const Member& member, EmailView email, NoteView note) {
  v1::Member proto = ToImpersonalProto(member);
  if (!member.email.empty()) proto.set_email(email == EmailView::kFull ? member.email : MaskEmail(member.email));
  proto.set_display_name(member.display_name);
  if (note == NoteView::kShown) proto.set_note(member.note);
  for (const auto& [key, value] : member.custom_fields) (*proto.mutable_custom_fields())[key] = value;
  return proto;
}

v1::Consent ToProto(const Consent& consent) {
  v1::Consent proto;
  proto.set_name(ConsentName(consent));
  proto.set_topic(TopicName(consent.topic_id));
  proto.set_granted(consent.granted);
  proto.set_source(consent.source);
  proto.set_text_version(consent.text_version);
  *proto.mutable_record_time() = resource::ToTimestamp(consent.record_time);
  return proto;
}

v1::AudienceMember ToProto(const AudienceEntry& entry) {
  v1::AudienceMember proto;
  proto.set_member(MemberName(entry.member.id));
  proto.set_email(entry.member.email);
  proto.set_display_name(entry.member.display_name);
  proto.set_locale(entry.member.locale);
  proto.set_time_zone(entry.member.time_zone);
  for (const std::string& tier_id : entry.tier_ids) proto.add_tiers(TierName(tier_id));
  for (const Consent& consent : entry.consents) {
    v1::AudienceConsent& said = *proto.add_consents();
    said.set_topic(TopicName(consent.topic_id));
    said.set_granted(consent.granted);
    *said.mutable_record_time() = resource::ToTimestamp(consent.record_time);
  }
  *proto.mutable_create_time() = resource::ToTimestamp(entry.member.create_time);
  return proto;
}

void ParseFields(const v1::Member& proto, const std::set<std::string>& fields, Member& member,
                 FieldViolations& violations) {
  if (fields.contains("email")) {
    EmailAddress address = CheckEmail("member.email", proto.email(), violations);
    member.email = std::move(address.mailbox);
    member.email_normal = std::move(address.normal);
  }
  if (fields.contains("display_name")) {
    member.display_name = proto.display_name();
    CheckDisplayName("member.display_name", member.display_name, /*required=*/false, violations);
  }
  if (fields.contains("locale")) {
    member.locale = proto.locale();
    CheckLocale("member.locale", member.locale, violations);
  }
  if (fields.contains("time_zone")) {
    member.time_zone = proto.time_zone();
    CheckTimeZone("member.time_zone", member.time_zone, violations);
  }
  if (fields.contains("labels")) {
    member.labels = {proto.labels().begin(), proto.labels().end()};
    CheckLabels("member.labels", member.labels, violations);
  }
  if (fields.contains("note")) {
    member.note = proto.note();
    CheckNote("member.note", member.note, violations);
  }
  if (fields.contains("custom_fields")) {
    member.custom_fields = {proto.custom_fields().begin(), proto.custom_fields().end()};
    CheckCustomFields("member.custom_fields", member.custom_fields, violations);
  }
}

}  // namespace masthead::memberships
