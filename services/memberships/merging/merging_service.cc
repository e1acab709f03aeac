#include "services/memberships/merging/merging_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/resource/etag.h"
#include "services/memberships/errors.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/consent_store.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/member_errors.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/merging/merge_store.h"
#include "services/memberships/merging/merging.h"
#include "services/memberships/meters/meter_keys.h"
#include "services/memberships/meters/metering.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {
namespace {

// Active, and as its etag says.
absl::StatusOr<Member> LockToMerge(db::Transaction& tx, const std::string& id, const std::string& etag) {
  std::optional<Member> member = LockMemberInAnyState(tx, id);
  if (!member) return MemberNotFound(id);
  if (member->state != Member::State::kActive) return NotActive(*member);
  RETURN_IF_ERROR(resource::CheckEtag(etag, member->revision, MemberName(id)));
  return *std::move(member);
}

std::string SubscriptionName(const Member& member, const std::string& id) {
  return absl::StrCat(MemberName(member.id), "/subscriptions/", id);
}

}  // namespace

void MergingService::Register(rpc::Service& service) { service.Unary("MergeMembers", this, &MergingService::Merge); }

absl::StatusOr<v1::Member> MergingService::Merge(const Call& call, const v1::MergeMembersRequest& request) {
  FieldViolations violations;
  const std::string merged_id = IdIn("name", request.name(), "members", violations);
  const std::string kept_id = IdIn("into", request.into(), "members", violations);
  if (!kept_id.empty() && kept_id == merged_id) violations.Add("into", "must be another member");
  if (!request.kept_subscription().empty()) {
    ChildIdIn("kept_subscription", request.kept_subscription(), "subscriptions", violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());

  return answers_.Complete(
      call, idempotency::Mutate<v1::Member>(
                database_, call, request,
                [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
                  // In the order of their IDs, as everybody locks more than one.
                  const bool merged_first = merged_id < kept_id;
                  absl::StatusOr<Member> first = LockToMerge(tx, merged_first ? merged_id : kept_id,
                                                             merged_first ? request.etag() : request.into_etag());
                  RETURN_IF_ERROR(first.status());
                  absl::StatusOr<Member> second = LockToMerge(tx, merged_first ? kept_id : merged_id,
                                                              merged_first ? request.into_etag() : request.etag());
                  RETURN_IF_ERROR(second.status());
                  Member& merged = merged_first ? *first : *second;
                  Member& kept = merged_first ? *second : *first;
                  RETURN_IF_ERROR(address_keys_.Open(merged));
                  RETURN_IF_ERROR(address_keys_.Open(kept));
                  change = {.resource = MemberName(kept_id),
                            .revision_before = kept.revision,
                            .others = {{.resource = MemberName(merged_id), .revision_before = merged.revision}}};

                  const absl::Time now = db::Now(tx);
                  const std::vector<std::string> tiers = TiersAt(LoadOpenGrants(tx, kept_id), now);
                  RETURN_IF_ERROR(SettleSubscriptions(tx, request, kept, merged, now));
                  CarryTrials(tx, merged_id, kept_id);
                  MoveBelongings(tx, kept_id, merged_id, now);
                  MergeConsents(tx, call, kept, merged);
                  TakeFrom(merged, kept);
                  address_keys_.Seal(kept);
                  kept.update_time = now;
                  SaveMember(tx, kept);
                  Retire(tx, merged, kept, now);
                  AnnounceMemberUpdated(tx, feed_, kept_id,
                                        {"display_name", "locale", "time_zone", "labels", "note", "custom_fields"});
                  const std::vector<std::string> more = TiersAt(LoadOpenGrants(tx, kept_id), now);
                  if (more != tiers) AnnounceEntitlements(tx, feed_, kept_id, more);
                  MergeMeters(tx, MeterKeys::MemberKey(merged_id), MeterKeys::MemberKey(kept_id));
                  change.revision_after = kept.revision;
                  change.others.front().revision_after = merged.revision;
                  return ToImpersonalProto(kept);
                }));
}

absl::Status MergingService::SettleSubscriptions(db::Transaction& tx, const v1::MergeMembersRequest& request,
                                                 const Member& kept, const Member& merged, absl::Time now) {
  for (const SubscriptionConflict& conflict : FindConflicts(tx, kept.id, merged.id)) {
    const std::string of_kept = SubscriptionName(kept, conflict.kept_id);
    const std::string of_merged = SubscriptionName(merged, conflict.merged_id);
    const bool keeps_own = request.kept_subscription() == of_kept;
    if (!keeps_own && request.kept_subscription() != of_merged) return MergeConflict(of_kept, of_merged);
    const Subscription ending = LoadSubscription(tx, keeps_own ? conflict.merged_id : conflict.kept_id).value();
    // Ended here alone, it would go on to be charged.
    if (ending.collection == Subscription::Collection::kExternal) {
      return SubscriptionIsExternal(keeps_own ? of_merged : of_kept, ending.provider);
    }
    EndAtOnce(tx, feed_, ending.id, "MERGED", now);
  }
  return absl::OkStatus();
}

void MergingService::MergeConsents(db::Transaction& tx, const Call& call, const Member& kept, const Member& merged) {
  std::vector<Consent> said = LoadConsents(tx, kept.id);
  for (Consent word : LaterWords(said, LoadConsents(tx, merged.id))) {
    const auto latest = std::find_if(said.begin(), said.end(),
                                     [&](const Consent& consent) { return consent.topic_id == word.topic_id; });
    const std::optional<Consent> before = latest == said.end() ? std::nullopt : std::optional<Consent>(*latest);

    if (!before && said.size() >= kMaxConsents) continue;
    word.member_id = kept.id;
    word = SpeakAgain(before, word, word.record_time);
    SaveConsent(tx, word, call.caller->principal());
    if (ChangesAnything(before, word)) AnnounceConsent(tx, feed_, word);
    if (!before) said.push_back(word);
  }
}

void MergingService::Retire(db::Transaction& tx, Member& merged, const Member& kept, absl::Time now) {
  MoveFormerNames(tx, kept.id, merged.id);
  merged.sealed = {.wrapped_key = "", .person = "", .address_index = merged.sealed.address_index};
  merged.address_domain.clear();
  merged.email_verify_time.reset();
  merged.labels.clear();
  merged.locale.clear();
  merged.time_zone.clear();
  merged.state = Member::State::kMerged;
  merged.merged_into = kept.id;
  merged.delete_time = merged.update_time = now;
  SaveMember(tx, merged);
  CountMember(tx, merged.id, -1);
  AnnounceMemberMerged(tx, feed_, merged.id, kept.id);
}

}  // namespace masthead::memberships
