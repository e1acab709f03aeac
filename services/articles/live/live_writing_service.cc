#include "services/articles/live/live_writing_service.h"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/errors.h"
#include "services/articles/live/live_lookup.h"
#include "services/articles/live/live_proto.h"
#include "services/articles/live/live_store.h"
#include "services/articles/taxonomy/contributor_store.h"

namespace masthead::articles {
namespace {

constexpr std::array<absl::string_view, 2> kCoverageFields = {"headline", "dek"};
constexpr std::array<absl::string_view, 4> kUpdateFields = {"headline", "body", "contributors", "pinned"};
constexpr size_t kMaxUpdateBytes = 64 << 10;
constexpr size_t kBlockIdLength = 12;

// The end of a UUID, which is random: unique enough within one update.
std::string NewBlockId() {
  const std::string uuid = ids::NewUuid();
  return uuid.substr(uuid.size() - kBlockIdLength);
}

absl::Status CheckUpdateSize(const v1::LiveUpdate& update) {
  const size_t bytes = update.ByteSizeLong();
  return bytes <= kMaxUpdateBytes ? absl::OkStatus() : BodyTooLarge(bytes, kMaxUpdateBytes);
}

absl::Status CheckContributors(db::Transaction& tx, const LiveUpdate& update) {
  std::set<std::string> found;
  for (const Contributor& contributor : HoldContributors(tx, update.contributor_ids)) found.insert(contributor.id);
  FieldViolations violations;
  for (size_t i = 0; i < update.contributor_ids.size(); ++i) {
    if (found.count(update.contributor_ids[i]) > 0) continue;
    violations.Add(absl::StrCat("live_update.contributors[", i, "]"), "names no contributor");
  }
  return violations.ToStatus();
}

bool SaysTheSame(const LiveUpdate& a, const LiveUpdate& b) {
  return a.headline == b.headline && a.body == b.body && a.contributor_ids == b.contributor_ids && a.pinned == b.pinned;
}

}  // namespace

void LiveWritingService::Register(rpc::Service& live_coverage_service) {
  live_coverage_service.Unary("CreateLiveCoverage", this, &LiveWritingService::CreateCoverage);
  live_coverage_service.Unary("UpdateLiveCoverage", this, &LiveWritingService::UpdateCoverage);
  live_coverage_service.Unary("CloseLiveCoverage", this, &LiveWritingService::Close);
  live_coverage_service.Unary("ReopenLiveCoverage", this, &LiveWritingService::Reopen);
  live_coverage_service.Unary("CreateLiveUpdate", this, &LiveWritingService::CreateUpdate);
  live_coverage_service.Unary("UpdateLiveUpdate", this, &LiveWritingService::UpdateUpdate);
  live_coverage_service.Unary("DeleteLiveUpdate", this, &LiveWritingService::DeleteUpdate);
}

void LiveWritingService::WakeWatchers(db::Transaction& tx) {
  tx.AfterCommit([this] { changed_.Ring(); });
}

absl::StatusOr<v1::LiveCoverage> LiveWritingService::CreateCoverage(const Call& call,
                                                                    const v1::CreateLiveCoverageRequest& request) {
  FieldViolations violations;
  LiveCoverage checked;
  checked.id = request.live_coverage_id().empty() ? ids::NewUuid() : request.live_coverage_id();
  if (!ids::IsResourceId(checked.id)) {
    violations.Add("live_coverage_id", "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
  }
  ParseFields(request.live_coverage(), {kCoverageFields.begin(), kCoverageFields.end()}, checked);
  checked.language_code = request.live_coverage().language_code();
  CheckLanguage("live_coverage.language_code", checked.language_code, violations);
  CheckLiveCoverage(checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::LiveCoverage>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveCoverage> {
        LiveCoverage coverage = checked;
        if (!InsertLiveCoverage(tx, coverage)) return CoverageIdTaken(LiveCoverageName(coverage.id));
        change = {.resource = LiveCoverageName(coverage.id), .revision_before = 0, .revision_after = 1};
        return ToProto(coverage);
      });
}

absl::StatusOr<v1::LiveCoverage> LiveWritingService::UpdateCoverage(const Call& call,
                                                                    const v1::UpdateLiveCoverageRequest& request) {
  const v1::LiveCoverage& proto = request.live_coverage();
  ASSIGN_OR_RETURN(const std::string id, ParseLiveCoverageId("live_coverage.name", proto.name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), proto, kCoverageFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::LiveCoverage>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveCoverage> {
        const std::optional<LiveCoverage> before = LockLiveCoverage(tx, id);
        if (!before.has_value()) return CoverageNotFound(proto.name());
        RETURN_IF_ERROR(resource::CheckEtag(proto.etag(), before->version, proto.name()));
        LiveCoverage coverage = *before;
        ParseFields(proto, fields, coverage);
        FieldViolations wrong;
        CheckLiveCoverage(coverage, wrong);
        RETURN_IF_ERROR(wrong.ToStatus());
        change = {.resource = proto.name(), .revision_before = before->version, .revision_after = before->version};
        if (coverage.headline == before->headline && coverage.dek == before->dek) return ToProto(*before);
        SaveLiveCoverage(tx, coverage);
        change.revision_after = coverage.version;
        return ToProto(coverage);
      });
}

template <typename Request>
absl::StatusOr<v1::LiveCoverage> LiveWritingService::Move(const Call& call, const Request& request,
                                                          absl::FunctionRef<bool(LiveCoverage&, absl::Time now)> move) {
  ASSIGN_OR_RETURN(const std::string id, ParseLiveCoverageId("name", request.name()));
  return idempotency::Mutate<v1::LiveCoverage>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveCoverage> {
        std::optional<LiveCoverage> coverage = LockLiveCoverage(tx, id);
        if (!coverage.has_value()) return CoverageNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), coverage->version, request.name()));
        change = {
            .resource = request.name(), .revision_before = coverage->version, .revision_after = coverage->version};
        if (!move(*coverage, db::Now(tx))) return ToProto(*coverage);
        SaveLiveCoverage(tx, *coverage);
        change.revision_after = coverage->version;
        WakeWatchers(tx);
        return ToProto(*coverage);
      });
}

absl::StatusOr<v1::LiveCoverage> LiveWritingService::Close(const Call& call,
                                                           const v1::CloseLiveCoverageRequest& request) {
  return Move(call, request, [](LiveCoverage& coverage, absl::Time now) {
    if (coverage.close_time.has_value()) return false;
    coverage.close_time = now;
    return true;
  });
}

absl::StatusOr<v1::LiveCoverage> LiveWritingService::Reopen(const Call& call,
                                                            const v1::ReopenLiveCoverageRequest& request) {
  return Move(call, request, [](LiveCoverage& coverage, absl::Time) {
    const bool was_closed = coverage.close_time.has_value();
    coverage.close_time.reset();
    return was_closed;
  });
}

absl::StatusOr<v1::LiveUpdate> LiveWritingService::CreateUpdate(const Call& call,
                                                                const v1::CreateLiveUpdateRequest& request) {
  ASSIGN_OR_RETURN(const std::string coverage_id, ParseLiveCoverageId("parent", request.parent()));
  FieldViolations violations;
  LiveUpdate checked;
  checked.coverage_id = coverage_id;
  checked.id = ids::NewUuid();
  ParseFields(request.live_update(), {kUpdateFields.begin(), kUpdateFields.end()}, checked, violations);
  CheckLiveUpdate(checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckUpdateSize(request.live_update()));
  NameBlocks({}, checked.body, NewBlockId);
  return idempotency::Mutate<v1::LiveUpdate>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveUpdate> {
        LiveUpdate update = checked;
        RETURN_IF_ERROR(FindOpenCoverageForChange(tx, coverage_id).status());
        RETURN_IF_ERROR(CheckContributors(tx, update));
        update.seq = NextSeq(tx, coverage_id);
        InsertLiveUpdate(tx, update);
        change = {.resource = LiveUpdateName(coverage_id, update.id), .revision_before = 0, .revision_after = 1};
        WakeWatchers(tx);
        return ToProto(update);
      });
}

absl::StatusOr<v1::LiveUpdate> LiveWritingService::UpdateUpdate(const Call& call,
                                                                const v1::UpdateLiveUpdateRequest& request) {
  const v1::LiveUpdate& proto = request.live_update();
  ASSIGN_OR_RETURN(const LiveUpdateKey key, ParseLiveUpdateKey("live_update.name", proto.name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), proto, kUpdateFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckUpdateSize(proto));
  return idempotency::Mutate<v1::LiveUpdate>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveUpdate> {
        ASSIGN_OR_RETURN(const LiveUpdate before, FindLiveUpdateForChange(tx, key, proto.etag(), change));
        LiveUpdate update = before;
        FieldViolations wrong;
        ParseFields(proto, fields, update, wrong);
        CheckLiveUpdate(update, wrong);
        RETURN_IF_ERROR(wrong.ToStatus());
        RETURN_IF_ERROR(CheckContributors(tx, update));
        NameBlocks(before.body, update.body, NewBlockId);
        if (SaysTheSame(update, before)) return ToProto(before);
        update.seq = NextSeq(tx, key.coverage_id);
        change.revision_after = ++update.revision;
        SaveLiveUpdate(tx, update);
        WakeWatchers(tx);
        return ToProto(update);
      });
}

absl::StatusOr<v1::LiveUpdate> LiveWritingService::DeleteUpdate(const Call& call,
                                                                const v1::DeleteLiveUpdateRequest& request) {
  ASSIGN_OR_RETURN(const LiveUpdateKey key, ParseLiveUpdateKey("name", request.name()));
  return idempotency::Mutate<v1::LiveUpdate>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::LiveUpdate> {
        ASSIGN_OR_RETURN(LiveUpdate update, FindLiveUpdateForChange(tx, key, request.etag(), change));
        TakeBack(update);
        update.seq = NextSeq(tx, key.coverage_id);
        change.revision_after = ++update.revision;
        SaveLiveUpdate(tx, update);
        WakeWatchers(tx);
        return ToProto(update);
      });
}

}  // namespace masthead::articles
