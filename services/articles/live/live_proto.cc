#include "services/articles/live/live_proto.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_proto.h"

namespace masthead::articles {

v1::LiveCoverage ToProto(const LiveCoverage& coverage) {
  v1::LiveCoverage proto;
  proto.set_name(LiveCoverageName(coverage.id));
  proto.set_etag(resource::Etag(coverage.version));
  proto.set_headline(coverage.headline);
  proto.set_dek(coverage.dek);
  proto.set_language_code(coverage.language_code);
  proto.set_state(coverage.close_time.has_value() ? v1::LiveCoverage::CLOSED : v1::LiveCoverage::OPEN);
  proto.set_last_seq(coverage.last_seq);
  *proto.mutable_create_time() = resource::ToTimestamp(coverage.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(coverage.update_time);
  if (coverage.close_time.has_value()) *proto.mutable_close_time() = resource::ToTimestamp(*coverage.close_time);
  return proto;
}

v1::LiveUpdate ToProto(const LiveUpdate& update) {
  v1::LiveUpdate proto;
  proto.set_name(LiveUpdateName(update.coverage_id, update.id));
  proto.set_etag(resource::Etag(update.revision));
  proto.set_seq(update.seq);
  proto.set_revision(update.revision);
  proto.set_headline(update.headline);
  for (const Block& block : update.body) *proto.add_body() = ToProto(block);
  for (const std::string& id : update.contributor_ids) proto.add_contributors(ContributorName(id));
  proto.set_pinned(update.pinned);
  proto.set_deleted(update.deleted);
  if (!update.breakout_article_id.empty()) proto.set_breakout_article(ArticleName(update.breakout_article_id));
  *proto.mutable_create_time() = resource::ToTimestamp(update.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(update.update_time);
  return proto;
}

absl::StatusOr<std::string> ParseLiveCoverageId(absl::string_view field, const std::string& name) {
  if (const auto ids = resource::ParseName(name, "liveCoverages/*"); ids.has_value()) return ids->front();
  FieldViolations violations;
  violations.Add(field, "is no name liveCoverages/{live_coverage}");
  return violations.ToStatus();
}

absl::StatusOr<LiveUpdateKey> ParseLiveUpdateKey(absl::string_view field, const std::string& name) {
  if (const auto ids = resource::ParseName(name, "liveCoverages/*/updates/*"); ids.has_value()) {
    return LiveUpdateKey{(*ids)[0], (*ids)[1]};
  }
  FieldViolations violations;
  violations.Add(field, "is no name liveCoverages/{live_coverage}/updates/{update}");
  return violations.ToStatus();
}

void ParseFields(const v1::LiveCoverage& proto, const std::set<std::string>& fields, LiveCoverage& coverage) {
  if (fields.count("headline") > 0) coverage.headline = proto.headline();
  if (fields.count("dek") > 0) coverage.dek = proto.dek();
}

void ParseFields(const v1::LiveUpdate& proto, const std::set<std::string>& fields, LiveUpdate& update,
                 FieldViolations& violations) {
  if (fields.count("headline") > 0) update.headline = proto.headline();
  if (fields.count("body") > 0) update.body = ParseBlocks("live_update.body", proto.body(), violations);
  if (fields.count("pinned") > 0) update.pinned = proto.pinned();
  if (fields.count("contributors") == 0) return;
  update.contributor_ids.clear();
  for (int i = 0; i < proto.contributors_size(); ++i) {
    if (const auto ids = resource::ParseName(proto.contributors(i), "contributors/*"); ids.has_value()) {
      update.contributor_ids.push_back(ids->front());
    } else {
      violations.Add(absl::StrCat("live_update.contributors[", i, "]"), "is no name contributors/{contributor}");
    }
  }
}

}  // namespace masthead::articles
