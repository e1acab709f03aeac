#include "services/memberships/members/labels_service.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_errors.h"
#include "services/memberships/members/member_list_store.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxPage = 1000;

struct LabelChange {
  std::map<std::string, std::string> set;
  std::vector<std::string> removed;
};

LabelChange ReadChange(const v1::BatchModifyLabelsRequest& request, FieldViolations& violations) {
  LabelChange change;
  change.set = {request.set_labels().begin(), request.set_labels().end()};
  CheckLabels("set_labels", change.set, violations);
  if (request.removed_labels_size() > kMaxMemberLabels) {
    violations.Add("removed_labels", absl::StrCat("must have at most ", kMaxMemberLabels, " entries"));
  } else {
    change.removed = {request.removed_labels().begin(), request.removed_labels().end()};
  }
  std::map<std::string, std::string> removed;
  for (const std::string& key : change.removed) {
    removed[key];
    if (change.set.contains(key)) violations.Add("removed_labels", "names a label that is set");
  }
  CheckLabels("removed_labels", removed, violations);
  if (change.set.empty() && change.removed.empty()) violations.Add("set_labels", "or `removed_labels` must say what");
  return change;
}

std::map<std::string, std::string> Changed(std::map<std::string, std::string> labels, const LabelChange& change) {
  for (const auto& [key, value] : change.set) labels[key] = value;
  for (const std::string& key : change.removed) labels.erase(key);
  return labels;
}

}  // namespace

void LabelsService::Register(rpc::Service& service) {
  service.Unary("BatchModifyLabels", this, &LabelsService::BatchModify);
}

absl::StatusOr<v1::BatchModifyLabelsResponse> LabelsService::BatchModify(const Call& call,
                                                                         const v1::BatchModifyLabelsRequest& request) {
  FieldViolations violations;
  const LabelChange labels = ReadChange(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (request.filter().empty()) return FilterRequired();
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kMaxPage, kMaxPage));
  ASSIGN_OR_RETURN(const filter::Filter filter,
                   filter::Filter::Parse(request.filter() == "*" ? "" : request.filter(), MemberFields()));
  v1::BatchModifyLabelsRequest walk = request;  // What stays the same from page to page.
  walk.clear_request_id();
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), walk));

  return idempotency::Mutate<v1::BatchModifyLabelsResponse>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) {
        const absl::Time now = db::Now(tx);
        const std::vector<Member> found = LockMatching(tx, filter, after.empty() ? "" : after.front(), page_size);
        v1::BatchModifyLabelsResponse response;
        std::vector<Member> changed;
        for (Member member : found) {
          std::map<std::string, std::string> wanted = Changed(member.labels, labels);
          if (wanted == member.labels) continue;
          if (wanted.size() > kMaxMemberLabels) {
            response.set_refused_count(response.refused_count() + 1);
            continue;
          }
          member.labels = std::move(wanted);
          changed.push_back(std::move(member));
        }
        const std::vector<int64_t> numbers = SaveLabels(tx, changed, now);
        std::vector<events::Record> records;
        change = {.resource = MemberName("-")};
        for (size_t i = 0; i < changed.size(); ++i) {
          records.push_back(MemberUpdatedRecord(changed[i].id, numbers[i], now, {"labels"}));
          change.others.push_back({.resource = MemberName(changed[i].id),
                                   .revision_before = changed[i].revision,
                                   .revision_after = changed[i].revision + 1});
        }
        feed_.AppendAll(tx, records);
        response.set_changed_count(static_cast<int32_t>(changed.size()));
        if (found.size() == static_cast<size_t>(page_size)) {
          response.set_next_page_token(page_tokens_.Make(call.caller->principal(), walk, {found.back().id}));
        }
        return absl::StatusOr<v1::BatchModifyLabelsResponse>(std::move(response));
      });
}

}  // namespace masthead::memberships
