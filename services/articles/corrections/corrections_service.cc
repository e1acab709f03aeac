#include "services/articles/corrections/corrections_service.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_store.h"
#include "services/articles/corrections/announcements.h"
#include "services/articles/corrections/correction_proto.h"
#include "services/articles/corrections/correction_store.h"
#include "services/articles/corrections/mending.h"
#include "services/articles/editing/saving.h"
#include "services/articles/errors.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int64_t kMaxReason = 500;

struct Ids {
  std::string article;
  std::string correction;
};

absl::StatusOr<Ids> ParseCorrectionName(absl::string_view field, const std::string& name) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "articles/*/corrections/*");
  if (ids.has_value()) return Ids{ids->at(0), ids->at(1)};
  FieldViolations violations;
  violations.Add(field, "is no name articles/{article}/corrections/{correction}");
  return violations.ToStatus();
}

// The article's ID, or empty for the corrections of all.
absl::StatusOr<std::string> ParseParent(const std::string& parent) {
  if (parent == "articles/-") return "";
  return ParseArticleId("parent", parent);
}

// The newsroom sees its corrections whether or not readers have their articles.
Shown ShownTo(const auth::Caller& caller) {
  using Kind = auth::Caller::Kind;
  return caller.kind == Kind::kStaff || caller.kind == Kind::kBackend ? Shown::kAll : Shown::kToReaders;
}

absl::StatusOr<CorrectionText> ReadText(const v1::Correction& proto, const std::set<std::string>& fields,
                                        CorrectionText said, FieldViolations& violations) {
  ParseCorrectionText(proto, fields, said, violations);
  CheckCorrectionText(said, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return said;
}

std::set<std::string> AllTextFields() {
  const absl::Span<const absl::string_view> fields = CorrectionFields();
  return {fields.begin(), fields.end()};
}

// What the article is mended to, if it is.
std::optional<Written> ReadMended(const v1::CreateCorrectionRequest& request, FieldViolations& violations) {
  if (request.has_article()) return ReadWritten(request.article(), request.update_mask(), violations);
  if (request.has_update_mask()) violations.Add("article", "is required with update_mask");
  return std::nullopt;
}

// A correction and its article, both locked by the article's row.
struct Locked {
  Article article;
  Correction correction;
};

absl::StatusOr<Locked> FindForChange(db::Transaction& tx, const Ids& ids, const std::string& etag,
                                     idempotency::Change& change) {
  const std::string name = CorrectionName(ids.article, ids.correction);
  std::optional<Article> article = LockArticle(tx, ids.article);
  if (!article.has_value()) return CorrectionNotFound(name);
  std::optional<Correction> correction = LoadCorrection(tx, ids.article, ids.correction, Shown::kAll);
  if (!correction.has_value()) return CorrectionNotFound(name);
  RETURN_IF_ERROR(resource::CheckEtag(etag, correction->version, name));
  change = {.resource = name, .revision_before = correction->version, .revision_after = correction->version + 1};
  return Locked{*std::move(article), *std::move(correction)};
}

// Stores what changed, and tells whoever may have kept the article.
void StoreChange(db::Transaction& tx, Announcer& announcer, Locked& locked, const std::string& editor, absl::Time now,
                 idempotency::Change& change) {
  SaveCorrection(tx, locked.correction, editor);
  const bool readers_have_it = NoteChangedCorrection(locked.article, now);
  const int64_t before = locked.article.version;
  SaveArticle(tx, locked.article);
  change.others.push_back({.resource = ArticleName(locked.article.id),
                           .revision_before = before,
                           .revision_after = locked.article.version});
  if (readers_have_it) AnnounceCorrected(tx, announcer, locked.article, locked.correction, now);
}

std::optional<CorrectionPosition> ReadPosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  return CorrectionPosition{absl::FromUnixMicros(micros), keys[1]};
}

}  // namespace

CorrectionsService::CorrectionsService(db::Database& database, Announcer& announcer, HouseRules rules,
                                       const crypto::MacKey& key)
    : database_(database),
      announcer_(announcer),
      rules_(rules),
      page_tokens_(key),
      service_(*v1::GetCorrectionRequest::descriptor()->file()->FindServiceByName("CorrectionsService")) {
  service_.Unary("CreateCorrection", this, &CorrectionsService::Create);
  service_.Unary("GetCorrection", this, &CorrectionsService::Get);
  service_.Unary("ListCorrections", this, &CorrectionsService::List);
  service_.Unary("UpdateCorrection", this, &CorrectionsService::Update);
  service_.Unary("WithdrawCorrection", this, &CorrectionsService::Withdraw);
}

absl::StatusOr<v1::Correction> CorrectionsService::Create(const Call& call,
                                                          const v1::CreateCorrectionRequest& request) {
  FieldViolations violations;
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("parent", request.parent()));
  const Editor editor = EditorIn(*call.caller, request, violations);
  const std::optional<Written> mended = ReadMended(request, violations);
  ASSIGN_OR_RETURN(const CorrectionText said, ReadText(request.correction(), AllTextFields(), {}, violations));
  RETURN_IF_ERROR(CheckBodySize(request.article()));
  return idempotency::Mutate<v1::Correction>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Correction> {
        idempotency::Change of_article;
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.article_etag(), of_article));
        const absl::Time now = Now(tx);
        if (mended.has_value()) RETURN_IF_ERROR(Mend(tx, announcer_, editor, *mended, rules_, now, article));
        RETURN_IF_ERROR(Correct(article, now));
        Correction correction = {.article_id = article.id,
                                 .id = ids::NewUuid(),
                                 .said = said,
                                 .article_revision = article.published_revision,
                                 .create_time = now,
                                 .update_time = now};
        InsertCorrection(tx, correction, editor.name);
        SaveArticle(tx, article);
        AnnounceCorrected(tx, announcer_, article, correction, now);
        of_article.revision_after = article.version;
        change = {.resource = CorrectionName(correction.article_id, correction.id),
                  .revision_before = 0,
                  .revision_after = correction.version,
                  .others = {of_article}};
        return ToProto(correction);
      });
}

absl::StatusOr<v1::Correction> CorrectionsService::Get(const Call& call, const v1::GetCorrectionRequest& request) {
  ASSIGN_OR_RETURN(const Ids ids, ParseCorrectionName("name", request.name()));
  const Shown shown = ShownTo(*call.caller);
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Correction> {
    const std::optional<Correction> correction = LoadCorrection(tx, ids.article, ids.correction, shown);
    if (!correction.has_value()) return CorrectionNotFound(request.name());
    // What was taken back is not told by the way of its history.
    if (correction->withdraw_time.has_value() && shown == Shown::kToReaders) return ToProto(*correction);
    return ToProto(*correction, LoadFormerVersions(tx, *correction));
  });
}

absl::StatusOr<v1::ListCorrectionsResponse> CorrectionsService::List(const Call& call,
                                                                     const v1::ListCorrectionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string article_id, ParseParent(request.parent()));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  ASSIGN_OR_RETURN(std::vector<Correction> corrections, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadCorrections(tx, article_id, ShownTo(*call.caller), ReadPosition(keys), limit + 1);
  }));
  v1::ListCorrectionsResponse response;
  if (static_cast<int>(corrections.size()) > limit) {
    corrections.resize(limit);
    const Correction& last = corrections.back();
    response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                   {absl::StrCat(absl::ToUnixMicros(last.create_time)), last.id}));
  }
  for (const Correction& correction : corrections) *response.add_corrections() = ToProto(correction);
  return response;
}

absl::StatusOr<v1::Correction> CorrectionsService::Update(const Call& call,
                                                          const v1::UpdateCorrectionRequest& request) {
  ASSIGN_OR_RETURN(const Ids ids, ParseCorrectionName("correction.name", request.correction().name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.correction(), CorrectionFields(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Correction>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Correction> {
        ASSIGN_OR_RETURN(Locked locked, FindForChange(tx, ids, request.correction().etag(), change));
        FieldViolations found;
        ASSIGN_OR_RETURN(const CorrectionText said,
                         ReadText(request.correction(), fields, locked.correction.said, found));
        if (said == locked.correction.said && !locked.correction.withdraw_time.has_value()) {
          change.revision_after = change.revision_before;
          return ToProto(locked.correction);
        }
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(Reword(locked.correction, said, now));
        StoreChange(tx, announcer_, locked, call.caller->principal(), now, change);
        return ToProto(locked.correction);
      });
}

absl::StatusOr<v1::Correction> CorrectionsService::Withdraw(const Call& call,
                                                            const v1::WithdrawCorrectionRequest& request) {
  ASSIGN_OR_RETURN(const Ids ids, ParseCorrectionName("name", request.name()));
  std::string reason = request.reason();
  FieldViolations violations;
  text::CheckText("reason", reason, kMaxReason, /*required=*/true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Correction>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Correction> {
        ASSIGN_OR_RETURN(Locked locked, FindForChange(tx, ids, request.etag(), change));
        const absl::Time now = Now(tx);
        RETURN_IF_ERROR(articles::Withdraw(locked.correction, locked.article, reason, now));
        StoreChange(tx, announcer_, locked, call.caller->principal(), now, change);
        return ToProto(locked.correction);
      });
}

}  // namespace masthead::articles
