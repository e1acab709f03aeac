#include "services/memberships/exchange/member_export.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/memberships/exchange/import_store.h"
#include "services/memberships/exchange/member_row.h"
#include "services/memberships/members/member_list_store.h"

namespace masthead::memberships {
namespace {

// Of at most 64 KiB each, were every one as long as its fields may be; a message has 4 MiB.
constexpr int kMembersPerMessage = 50;

struct Batch {
  std::vector<Member> members;
  std::map<std::string, std::vector<RowTier>> tiers;
  std::map<std::string, std::map<std::string, bool>> consents;
};

Batch LoadBatch(db::Transaction& tx, const filter::Filter& filter, const std::string& after) {
  Batch batch;
  batch.members = LoadMatching(tx, filter, after, kMembersPerMessage);
  std::vector<std::string> ids;
  for (const Member& member : batch.members) ids.push_back(member.id);
  batch.tiers = LoadComplimentaryTiers(tx, ids);
  batch.consents = LoadLastWords(tx, ids);
  return batch;
}

}  // namespace

absl::StatusOr<MemberExport::Next> MemberExport::Ask(const Scope& scope) {
  if (ended_) return Next::End();
  ASSIGN_OR_RETURN(Batch batch,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadBatch(tx, filter_, after_); }));
  std::string data;
  if (!std::exchange(begun_, true)) data = WriteCsvRow(MemberColumns::Names());
  for (Member& member : batch.members) {
    RETURN_IF_ERROR(address_keys_.Open(member));
    after_ = member.id;
    absl::StrAppend(&data, WriteMemberRow({.member = member,
                                           .create_time = member.create_time,
                                           .tiers = batch.tiers[member.id],
                                           .consents = batch.consents[member.id]}));
  }
  ended_ = batch.members.size() < kMembersPerMessage;
  if (data.empty()) return Next::End();
  v1::ExportMembersResponse response;
  response.set_data(std::move(data));
  return Next::Message(std::move(response));
}

}  // namespace masthead::memberships
