#include "services/memberships/events/announcer.h"

#include <utility>

#include "common/db/now.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "common/telemetry/trace.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

constexpr char kCounterResource[] = "memberCounter";

}  // namespace

void Announcer::MemberCreated(db::Transaction& tx, absl::string_view member_id) {
  v1::Event event;
  event.mutable_member_created()->set_member(MemberName(member_id));
  AppendAboutMember(tx, member_id, "member.created", std::move(event));
}

void Announcer::MemberUpdated(db::Transaction& tx, absl::string_view member_id,
                              const std::vector<std::string>& changed_fields) {
  v1::Event event;
  event.mutable_member_updated()->set_member(MemberName(member_id));
  for (const std::string& field : changed_fields) event.mutable_member_updated()->add_changed_fields(field);
  AppendAboutMember(tx, member_id, "member.updated", std::move(event));
}

void Announcer::MemberDeleted(db::Transaction& tx, absl::string_view member_id) {
  v1::Event event;
  event.mutable_member_deleted()->set_member(MemberName(member_id));
  AppendAboutMember(tx, member_id, "member.deleted", std::move(event));
}

void Announcer::ConsentChanged(db::Transaction& tx, const Consent& consent) {
  v1::Event event;
  event.mutable_consent_changed()->set_member(MemberName(consent.member_id));
  event.mutable_consent_changed()->set_topic(TopicName(consent.topic_id));
  event.mutable_consent_changed()->set_granted(consent.granted);
  AppendAboutMember(tx, consent.member_id, "consent.changed", std::move(event));
}

void Announcer::EntitlementsChanged(db::Transaction& tx, absl::string_view member_id,
                                    const std::vector<std::string>& tier_ids) {
  v1::Event event;
  event.mutable_entitlements_changed()->set_member(MemberName(member_id));
  for (const std::string& tier_id : tier_ids) event.mutable_entitlements_changed()->add_tiers(TierName(tier_id));
  AppendAboutMember(tx, member_id, "entitlements.changed", std::move(event));
}

void Announcer::MilestoneReached(db::Transaction& tx, int64_t members) {
  v1::Event event;
  event.set_type("milestone.reached");
  event.set_resource(kCounterResource);
  event.set_revision(members);
  event.mutable_milestone_reached()->set_members(members);
  Append(tx, std::move(event));
}

void Announcer::AppendAboutMember(db::Transaction& tx, absl::string_view member_id, const char* type, v1::Event event) {
  event.set_type(type);
  event.set_resource(MemberName(member_id));
  event.set_revision(RaiseEventRevision(tx, member_id));
  Append(tx, std::move(event));
}

void Announcer::Append(db::Transaction& tx, v1::Event event) {
  const absl::Time now = db::Now(tx);
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = resource::ToTimestamp(now);
  const telemetry::TraceContext& trace = telemetry::CurrentTrace();
  if (!trace.trace_id.empty()) event.set_traceparent(trace.ToTraceparent());
  feed_.Append(tx, {.event_id = event.event_id(),
                    .type = event.type(),
                    .resource = event.resource(),
                    .revision = event.revision(),
                    .time = now,
                    .traceparent = event.traceparent(),
                    .payload = event.SerializeAsString(),
                    .cursor = ""});
}

}  // namespace masthead::memberships
