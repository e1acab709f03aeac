#include "services/memberships/members/announcements.h"

#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

constexpr char kCounterResource[] = "memberCounter";

}  // namespace

void AnnounceMemberCreated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id) {
  v1::Event event;
  event.mutable_member_created()->set_member(MemberName(member_id));
  AnnounceAboutMember(tx, feed, member_id, "member.created", std::move(event));
}

void AnnounceMemberUpdated(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                           const std::vector<std::string>& changed_fields) {
  v1::Event event;
  event.mutable_member_updated()->set_member(MemberName(member_id));
  for (const std::string& field : changed_fields) event.mutable_member_updated()->add_changed_fields(field);
  AnnounceAboutMember(tx, feed, member_id, "member.updated", std::move(event));
}

void AnnounceMemberDeleted(db::Transaction& tx, events::Feed& feed, absl::string_view member_id) {
  v1::Event event;
  event.mutable_member_deleted()->set_member(MemberName(member_id));
  AnnounceAboutMember(tx, feed, member_id, "member.deleted", std::move(event));
}

void AnnounceMemberMerged(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          absl::string_view merged_into) {
  v1::Event event;
  event.mutable_member_merged()->set_member(MemberName(member_id));
  event.mutable_member_merged()->set_merged_into(MemberName(merged_into));
  AnnounceAboutMember(tx, feed, member_id, "member.merged", std::move(event));
}

void AnnounceMemberErased(db::Transaction& tx, events::Feed& feed, absl::string_view member_id) {
  v1::Event event;
  event.mutable_member_erased()->set_member(MemberName(member_id));
  AnnounceAboutMember(tx, feed, member_id, "member.erased", std::move(event));
}

events::Record MemberCreatedRecord(absl::string_view member_id, int64_t revision, absl::Time now) {
  v1::Event event;
  event.mutable_member_created()->set_member(MemberName(member_id));
  return events::Complete(
      {.type = "member.created", .resource = MemberName(member_id), .revision = revision, .time = now}, event);
}

events::Record MemberUpdatedRecord(absl::string_view member_id, int64_t revision, absl::Time now,
                                   const std::vector<std::string>& changed_fields) {
  v1::Event event;
  event.mutable_member_updated()->set_member(MemberName(member_id));
  for (const std::string& field : changed_fields) event.mutable_member_updated()->add_changed_fields(field);
  return events::Complete(
      {.type = "member.updated", .resource = MemberName(member_id), .revision = revision, .time = now}, event);
}

void AnnounceConsent(db::Transaction& tx, events::Feed& feed, const Consent& consent) {
  v1::Event event;
  event.mutable_consent_changed()->set_member(MemberName(consent.member_id));
  event.mutable_consent_changed()->set_topic(TopicName(consent.topic_id));
  event.mutable_consent_changed()->set_granted(consent.granted);
  AnnounceAboutMember(tx, feed, consent.member_id, "consent.changed", std::move(event));
}

void AnnounceMilestone(db::Transaction& tx, events::Feed& feed, int64_t members) {
  v1::Event event;
  event.mutable_milestone_reached()->set_members(members);
  events::Announce(
      tx, feed, {.type = "milestone.reached", .resource = kCounterResource, .revision = members, .time = db::Now(tx)},
      std::move(event));
}

void AnnounceAboutMember(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const char* type,
                         v1::Event event) {
  events::Announce(tx, feed,
                   {.type = type,
                    .resource = MemberName(member_id),
                    .revision = RaiseEventRevision(tx, member_id),
                    .time = db::Now(tx)},
                   std::move(event));
}

void AnnounceEntitlements(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          const std::vector<std::string>& tier_ids) {
  v1::Event event;
  event.mutable_entitlements_changed()->set_member(MemberName(member_id));
  for (const std::string& tier_id : tier_ids) event.mutable_entitlements_changed()->add_tiers(TierName(tier_id));
  AnnounceAboutMember(tx, feed, member_id, "entitlements.changed", std::move(event));
}

}  // namespace masthead::memberships
