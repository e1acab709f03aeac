#include "services/memberships/exchange/import_dialogue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"

namespace masthead::memberships {
namespace {

// A transaction each has half of these: long enough to be worth it, short enough to hold nobody up.
constexpr size_t kRowsPerPart = 4000;

// The most bytes of refused rows in one answer: the rest of a message of 4 MiB is for what is said about them.
constexpr size_t kRefusedBytes = 1024 * 1024;

}  // namespace

absl::Status ImportDialogue::Take(const Scope&, const v1::ImportMembersRequest& request) {
  if (!validate_only_) {
    validate_only_ = request.validate_only();
  } else if (request.validate_only()) {
    FieldViolations violations;
    violations.Add("validate_only", "is only for the first message");
    return violations.ToStatus();
  }
  reader_.Read(request.data(), rows_);
  return TakeHeader();
}

absl::Status ImportDialogue::TakeEnd(const Scope&) {
  reader_.End(rows_);
  ended_ = true;
  RETURN_IF_ERROR(TakeHeader());
  if (columns_) return absl::OkStatus();
  return MemberColumns::FromHeader(CsvRow{.error = "there is no row"}).status();
}

absl::Status ImportDialogue::TakeHeader() {
  if (columns_ || rows_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(columns_, MemberColumns::FromHeader(rows_.front()));
  header_ = rows_.front().text;
  imported_ = 1;
  return absl::OkStatus();
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::Ask(const Scope& scope) {
  if (imported_ < rows_.size()) return ImportNext(scope);
  rows_.clear();
  imported_ = 0;
  if (!ended_) return Next::Wait(absl::ZeroDuration());
  if (summed_up_) return Next::End();
  summed_up_ = true;
  v1::ImportMembersResponse response = counts_;
  response.set_header(header_);
  return Next::Message(std::move(response));
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::ImportNext(const Scope& scope) {
  size_t end = imported_;
  for (size_t bytes = 0; end < rows_.size() && end - imported_ < kRowsPerPart && bytes < kRefusedBytes; ++end) {
    bytes += rows_[end].text.size();
  }
  std::vector<CsvRow> part(std::make_move_iterator(rows_.begin() + static_cast<ptrdiff_t>(imported_)),
                           std::make_move_iterator(rows_.begin() + static_cast<ptrdiff_t>(end)));
  const MemberImport import(database_, feed_, address_keys_, call_, *columns_, *validate_only_);
  ASSIGN_OR_RETURN(ImportOutcome outcome, import.Import(scope, std::move(part)));
  imported_ = end;
  counts_.set_created_count(counts_.created_count() + outcome.created);
  counts_.set_updated_count(counts_.updated_count() + outcome.updated);
  counts_.set_unchanged_count(counts_.unchanged_count() + outcome.unchanged);
  counts_.set_refused_count(counts_.refused_count() + static_cast<int64_t>(outcome.refused.size()));

  v1::ImportMembersResponse response = counts_;
  std::sort(outcome.refused.begin(), outcome.refused.end(),
            [](const auto& a, const auto& b) { return a.row.line < b.row.line; });
  for (ImportOutcome::Refused& refused : outcome.refused) {
    v1::ImportMembersResponse::RefusedRow& row = *response.add_refused_rows();
    row.set_line(refused.row.line);
    row.set_reason(ErrorReason(refused.why));
    row.set_message(std::string(refused.why.message()));
    row.set_row(std::move(refused.row.text));
  }
  return Next::Message(std::move(response));
}

}  // namespace masthead::memberships
