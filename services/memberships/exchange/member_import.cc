#include "services/memberships/exchange/member_import.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/events/announcement.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "services/memberships/errors.h"
#include "services/memberships/exchange/import_store.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/consent_store.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/member_errors.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

constexpr char kSource[] = "IMPORT";
constexpr size_t kThreads = 2;  // As many as parts are read and written by at a time.

// Calls `body(i)` for each of [0, count), on a thread each.
template <typename Body>
void InParallel(size_t count, const Body& body) {
  std::vector<std::thread> others;
  for (size_t i = 1; i < count; ++i) others.emplace_back([&body, i] { body(i); });
  if (count > 0) body(0);
  for (std::thread& other : others) other.join();
}

// Why nothing can be given of the tier; OK if something can.
absl::Status Grantable(db::Transaction& tx, const std::string& tier_id) {
  const std::optional<Tier> tier = HoldTier(tx, tier_id);
  return tier ? CheckNotArchived(*tier) : TierNotFound(tier_id);
}

bool IsOver(const RowTier& tier, absl::Time now) { return tier.end_time && *tier.end_time <= now; }

events::Record GrantRecord(const Member& member, int64_t revision, absl::Time now,
                           const std::set<std::string>& tier_ids) {
  v1::Event event;
  event.mutable_entitlements_changed()->set_member(MemberName(member.id));
  for (const std::string& tier_id : tier_ids) event.mutable_entitlements_changed()->add_tiers(TierName(tier_id));
  return events::Complete(
      {.type = "entitlements.changed", .resource = MemberName(member.id), .revision = revision, .time = now}, event);
}

events::Record ConsentRecordOf(const Consent& consent, int64_t revision, absl::Time now) {
  v1::Event event;
  event.mutable_consent_changed()->set_member(MemberName(consent.member_id));
  event.mutable_consent_changed()->set_topic(TopicName(consent.topic_id));
  event.mutable_consent_changed()->set_granted(consent.granted);
  return events::Complete(
      {.type = "consent.changed", .resource = MemberName(consent.member_id), .revision = revision, .time = now}, event);
}

}  // namespace

// Of one run of a transaction, which may run again.
struct MemberImport::Effect {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  std::map<const Entry*, absl::Status> refused;
};

MemberImport::MemberImport(db::Database& database, events::Feed& feed, const AddressKeys& address_keys,
                           const rpc::Call& call, const MemberColumns& columns, bool validate_only)
    : database_(database), feed_(feed), address_keys_(address_keys), call_(call), columns_(columns) {
  request_.set_validate_only(validate_only);
}

void MemberImport::Read(Entry& entry) const {
  absl::StatusOr<MemberRow> read = columns_.Parse(entry.row);
  entry.status = read.status();
  if (!read.ok()) return;
  entry.read = *std::move(read);
  if (entry.read.member.id.empty()) entry.read.member.id = ids::NewUuid();
  address_keys_.Seal(entry.read.member);
}

absl::StatusOr<ImportOutcome> MemberImport::Import(const Scope& scope, std::vector<CsvRow> rows) const {
  std::vector<Entry> entries(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) entries[i].row = std::move(rows[i]);
  InParallel(kThreads, [&](size_t thread) {
    for (size_t i = thread; i < entries.size(); i += kThreads) Read(entries[i]);
  });

  ImportOutcome outcome;
  std::vector<Entry*> left;
  for (Entry& entry : entries) {
    if (entry.status.ok()) {
      left.push_back(&entry);
    } else {
      outcome.refused.push_back({std::move(entry.row), entry.status});
    }
  }
  while (!left.empty()) {
    std::vector<Entry*> shares[kThreads];
    std::vector<Entry*> later;  // About an address that an earlier row is about.
    std::set<absl::string_view> addresses;
    for (Entry* entry : left) {
      const bool first = addresses.insert(entry->read.member.sealed.address_index).second;
      (first ? shares[addresses.size() % kThreads] : later).push_back(entry);
    }
    std::vector<absl::StatusOr<ImportOutcome>> written(kThreads, absl::UnknownError(""));
    InParallel(kThreads, [&](size_t thread) { written[thread] = Write(scope, shares[thread]); });
    for (absl::StatusOr<ImportOutcome>& share : written) {
      RETURN_IF_ERROR(share.status());
      outcome.created += share->created;
      outcome.updated += share->updated;
      outcome.unchanged += share->unchanged;
      for (ImportOutcome::Refused& refused : share->refused) outcome.refused.push_back(std::move(refused));
    }
    left = std::move(later);
  }
  return outcome;
}

absl::StatusOr<ImportOutcome> MemberImport::Write(const Scope& scope, std::vector<Entry*> entries) const {
  if (entries.empty()) return ImportOutcome();
  rpc::Call call = call_;
  call.scope = scope;
  Effect effect;
  v1::ImportMembersResponse kept;
  RETURN_IF_ERROR(idempotency::MutateAny(database_, call, request_, "", kept,
                                         [&](db::Transaction& tx, idempotency::Change& change) {
                                           change = {.resource = MemberName("-")};
                                           effect = Apply(tx, entries);
                                           return absl::OkStatus();
                                         }));
  ImportOutcome outcome = {
      .created = effect.created, .updated = effect.updated, .unchanged = effect.unchanged, .refused = {}};
  for (Entry* entry : entries) {
    const auto refused = effect.refused.find(entry);
    if (refused != effect.refused.end()) outcome.refused.push_back({std::move(entry->row), refused->second});
  }
  return outcome;
}

MemberImport::Effect MemberImport::Apply(db::Transaction& tx, const std::vector<Entry*>& entries) const {
  Effect effect;
  std::vector<std::string> addresses;
  std::set<std::string> tier_ids;
  for (const Entry* entry : entries) {
    addresses.push_back(entry->read.member.sealed.address_index);
    for (const RowTier& tier : entry->read.tiers) tier_ids.insert(tier.tier_id);
  }
  const std::map<std::string, Member> existing = LockMembersByAddress(tx, addresses);
  const std::set<std::string> erased = LoadErasedAddresses(tx, addresses);
  std::map<std::string, absl::Status> tiers;
  for (const std::string& tier_id : tier_ids) tiers[tier_id] = Grantable(tx, tier_id);
  const absl::Time now = db::Now(tx);

  std::vector<Entry*> fresh;
  for (Entry* entry : entries) {
    absl::Status status;
    for (const RowTier& tier : entry->read.tiers) status.Update(tiers.at(tier.tier_id));
    const auto same_address = existing.find(entry->read.member.sealed.address_index);
    if (status.ok() && same_address != existing.end()) {
      status = ApplyToExisting(tx, *entry, same_address->second, effect);
    } else if (status.ok() && erased.contains(entry->read.member.sealed.address_index)) {
      status = ErasedAddress();
    } else if (status.ok()) {
      fresh.push_back(entry);
    }
    if (!status.ok()) effect.refused[entry] = status;
  }
  Register(tx, fresh, now, effect);
  return effect;
}

absl::Status MemberImport::ApplyToExisting(db::Transaction& tx, const Entry& entry, Member member,
                                           Effect& effect) const {
  RETURN_IF_ERROR(address_keys_.Open(member));
  const absl::Time now = db::Now(tx);
  const Member& wanted = entry.read.member;
  std::vector<std::string> changed;
  const auto take = [&](const char* column, const char* field, auto Member::*part) {
    if (!columns_.Has(column) || member.*part == wanted.*part) return;
    member.*part = wanted.*part;
    changed.push_back(field);
  };
  take("email", "email", &Member::email);
  take("name", "display_name", &Member::display_name);
  take("note", "note", &Member::note);
  take("labels", "labels", &Member::labels);
  take("custom_fields", "custom_fields", &Member::custom_fields);
  take("locale", "locale", &Member::locale);
  take("time_zone", "time_zone", &Member::time_zone);

  std::vector<ImportedGrant> grants;
  std::vector<RowTier> has = LoadComplimentaryTiers(tx, {member.id})[member.id];
  for (const RowTier& tier : entry.read.tiers) {
    if (!IsOver(tier, now) && std::find(has.begin(), has.end(), tier) == has.end()) grants.push_back({member.id, tier});
  }
  const std::vector<Grant> open = LoadOpenGrants(tx, member.id);
  if (open.size() + grants.size() > kMaxOpenGrants) return TooManyGrants(kMaxOpenGrants);
  const std::vector<Consent> said = LoadConsents(tx, member.id);
  std::vector<Consent> words;
  size_t new_topics = 0;
  for (const auto& [topic_id, granted] : entry.read.consents) {
    const auto latest =
        std::find_if(said.begin(), said.end(), [&](const Consent& consent) { return consent.topic_id == topic_id; });
    const std::optional<Consent> before = latest == said.end() ? std::nullopt : std::optional<Consent>(*latest);
    const Consent word = {.member_id = member.id, .topic_id = topic_id, .granted = granted, .source = kSource};
    if (!before) ++new_topics;
    if (ChangesAnything(before, word)) words.push_back(SpeakAgain(before, word, now));
  }
  if (said.size() + new_topics > kMaxConsents) return TooManyConsents(kMaxConsents);

  if (!changed.empty()) {
    address_keys_.Seal(member);
    member.update_time = now;
    SaveMember(tx, member);
    AnnounceMemberUpdated(tx, feed_, member.id, changed);
  }
  InsertGrants(tx, grants, now);
  if (const std::vector<std::string> tiers = TiersAt(LoadOpenGrants(tx, member.id), now); tiers != TiersAt(open, now)) {
    AnnounceEntitlements(tx, feed_, member.id, tiers);
  }
  for (const Consent& word : words) {
    SaveConsent(tx, word, call_.caller->principal());
    AnnounceConsent(tx, feed_, word);
  }
  (changed.empty() && grants.empty() && words.empty() ? effect.unchanged : effect.updated) += 1;
  return absl::OkStatus();
}

void MemberImport::Register(db::Transaction& tx, const std::vector<Entry*>& fresh, absl::Time now,
                            Effect& effect) const {
  if (fresh.empty()) return;
  std::vector<Member> members;
  std::vector<int64_t> events;
  for (const Entry* entry : fresh) {
    Member& member = members.emplace_back(entry->read.member);
    member.create_time = entry->read.create_time.value_or(now);
    member.update_time = now;
    events.push_back(1 + static_cast<int64_t>(entry->read.consents.size()) + (entry->read.tiers.empty() ? 0 : 1));
  }
  const std::set<std::string> inserted = InsertMembers(tx, members, events);
  std::vector<events::Record> records;
  std::vector<ImportedGrant> grants;
  std::vector<Consent> consents;
  for (size_t i = 0; i < fresh.size(); ++i) {
    const Member& member = members[i];
    if (!inserted.contains(member.id)) {
      effect.refused[fresh[i]] = MemberExists(member.id);
      continue;
    }
    int64_t revision = 1;
    records.push_back(MemberCreatedRecord(member.id, revision, now));
    std::set<std::string> tier_ids;
    for (const RowTier& tier : fresh[i]->read.tiers) {
      if (IsOver(tier, now)) continue;
      grants.push_back({member.id, tier});
      tier_ids.insert(tier.tier_id);
    }
    if (!tier_ids.empty()) records.push_back(GrantRecord(member, ++revision, now, tier_ids));
    for (const auto& [topic_id, granted] : fresh[i]->read.consents) {
      consents.push_back({.member_id = member.id,
                          .topic_id = topic_id,
                          .granted = granted,
                          .source = kSource,
                          .revision = 1,
                          .record_time = now});
      records.push_back(ConsentRecordOf(consents.back(), ++revision, now));
    }
  }
  InsertGrants(tx, grants, now);
  InsertConsents(tx, consents, call_.caller->principal());
  feed_.AppendAll(tx, records);
  effect.created = static_cast<int64_t>(inserted.size());
  if (!inserted.empty()) CountMember(tx, *inserted.begin(), static_cast<int>(inserted.size()));
}

}  // namespace masthead::memberships
