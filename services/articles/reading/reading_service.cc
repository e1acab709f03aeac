#include "services/articles/reading/reading_service.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/db/now.h"
#include "common/resource/name.h"
#include "common/telemetry/metrics.h"
#include "services/articles/errors.h"
#include "services/articles/links/link_secret.h"
#include "services/articles/links/link_store.h"
#include "services/articles/reading/path_resolver.h"
#include "services/articles/reading/read_request.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

absl::Status Absent(db::Transaction& tx, const std::string& name) {
  return NothingPublished(name, MaxAgeOfAbsence(tx), name);
}

absl::StatusOr<AnswerCache::Handle> LoadAnswersOf(db::Transaction& tx, const std::string& id) {
  const std::vector<LiveArticle> live = LoadLiveArticles(tx, {id}, Bodies::kAll);
  if (!live.empty()) return MakeAnswers(live[0]);
  const std::vector<LiveArticle> retracted = LoadRetracted(tx, {id});
  if (retracted.empty()) return Absent(tx, ArticleName(id));
  return MakeAnswers(retracted[0]);
}

// What stands at a name or path.
absl::StatusOr<AnswerCache::Handle> LoadAnswers(db::Transaction& tx, const std::string& key) {
  if (key.front() != '/') return LoadAnswersOf(tx, resource::ParseName(key, "articles/*")->front());
  const PathResolution resolution = ResolvePath(tx, key);
  if (const auto* article = std::get_if<ArticleAtPath>(&resolution.found)) return LoadAnswersOf(tx, article->id);
  const bool is_no_answer = std::holds_alternative<NothingAtPath>(resolution.found) ||
                            std::holds_alternative<SectionAtPath>(resolution.found);
  if (is_no_answer) return NothingPublished(key, resolution.max_age, absl::StrCat("path:", key));
  return MakePathAnswer(key, resolution);
}

}  // namespace

prometheus::Counter& ColdReads() {
  static prometheus::Counter& counter =
      telemetry::Counter("masthead_articles_cold_reads_total", "Calls of ReadArticle that had to ask the database.");
  return counter;
}

void ReadingService::Register(rpc::Service& reading_service) {
  reading_service.UnaryBytes<v1::ReadArticleResponse>("ReadArticle", this, &ReadingService::Read,
                                                      &ReadingService::ReadNow);
  reading_service.Unary("ResolvePath", this, &ReadingService::ResolvePath);
}

std::optional<grpc::ByteBuffer> ReadingService::ReadNow(const Call& call, const Request& request) {
  const std::string* key = CacheKey(request);
  if (key == nullptr || !IsPlain(request)) return std::nullopt;
  const AnswerCache::Handle kept = cache_.Find(*key);
  if (kept == nullptr) return std::nullopt;
  if (kept->answers->is_same_for_all()) return kept->answers->For({}, absl::InfinitePast(), request.if_none_match());
  Reader reader = ReaderOf(*call.caller);
  reader.country_code = request.country_code();
  const absl::Time now = clock_.Now();
  // Memberships is asked on a thread that may wait.
  if (!MeteredReaderOf(call, request).is_nobody() && kept->answers->MeterMayOpen(reader, now)) return std::nullopt;
  return kept->answers->For(reader, now, request.if_none_match());
}

absl::StatusOr<grpc::ByteBuffer> ReadingService::Read(const Call& call, const Request& request) {
  RETURN_IF_ERROR(CheckReadRequest(request, *call.caller));
  if (request.has_preview_token()) return ReadPreview(call, request);
  if (request.has_gift_token()) return ReadGift(call, request);
  ASSIGN_OR_RETURN(const AnswerCache::Handle answers, Answers(call.scope, *CacheKey(request)));
  const Reader reader = answers->answers->is_same_for_all() ? Reader{} : FindReaderOf(*answers, call, request);
  return answers->answers->For(reader, clock_.Now(), request.if_none_match());
}

MeteredReader ReadingService::MeteredReaderOf(const Call& call, const Request& request) const {
  if (!standings_.can_tell()) return {};
  const std::string& address = request.reader_address();
  if (!request.reader().empty()) return {.member = request.reader(), .address = address};
  if (call.caller->kind == auth::Caller::Kind::kMember) return {.member = call.caller->subject};
  return {.anonymous_reader = request.anonymous_reader(), .address = address};
}

Reader ReadingService::FindReaderOf(const AnswerCache::Entry& article, const Call& call, const Request& request) {
  const bool is_named = !request.reader().empty();
  // Of who is only named nothing is known yet.
  Reader reader = is_named ? Reader{.is_uncertain = true} : ReaderOf(*call.caller);
  reader.country_code = request.country_code();
  const MeteredReader metered = MeteredReaderOf(call, request);
  const absl::Time now = clock_.Now();
  // What is closed to the reader may be open to the place that the reader reads from.
  const bool place_may_open = !metered.address.empty() && !article.answers->Open(reader, now);
  if (metered.is_nobody() || (!place_may_open && !article.answers->MeterMayOpen(reader, now))) {
    return is_named ? FindReader(call, request) : reader;
  }
  Reader found = standings_.FindForReading(metered, reader, article.article, article.answers->access());
  found.country_code = request.country_code();
  return found;
}

Reader ReadingService::FindReader(const Call& call, const Request& request) {
  Reader reader = request.reader().empty() ? ReaderOf(*call.caller) : standings_.Find(request.reader());
  reader.country_code = request.country_code();
  return reader;
}

absl::StatusOr<grpc::ByteBuffer> ReadingService::ReadPreview(const Call& call, const Request& request) {
  const std::string digest = DigestOf(request.preview_token());
  ASSIGN_OR_RETURN(const LiveArticle article,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<LiveArticle> {
                     const std::optional<PreviewLink> link = FindPreviewLink(tx, digest);
                     if (!link.has_value() || IsOver(*link, db::Now(tx))) return PreviewTokenInvalid();
                     std::optional<LiveArticle> shown = LoadPreview(tx, link->article_id, link->revision);
                     if (!shown.has_value()) return PreviewTokenInvalid();
                     return *std::move(shown);
                   }));
  return rpc::ToByteBuffer(ToPreviewResponse(Gate::Open(article, PreviewReaderOf(request), clock_.Now())));
}

absl::StatusOr<grpc::ByteBuffer> ReadingService::ReadGift(const Call& call, const Request& request) {
  const std::string digest = DigestOf(request.gift_token());
  ASSIGN_OR_RETURN(const GiftLink gift,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<GiftLink> {
                     std::optional<GiftLink> link = FindGiftLink(tx, digest);
                     if (!link.has_value()) return GiftTokenInvalid();
                     return *std::move(link);
                   }));
  ASSIGN_OR_RETURN(const AnswerCache::Handle answers, Answers(call.scope, ArticleName(gift.article_id)));
  Reader reader = answers->answers->is_same_for_all() ? Reader{} : FindReader(call, request);
  const absl::Time now = clock_.Now();
  if (answers->answers->Open(reader, now)) return answers->answers->For(reader, now, request.if_none_match());
  ASSIGN_OR_RETURN(const bool redeemed, Redeem(call.scope, gift, GiftReaderKey(request, *call.caller)));
  if (!redeemed) return WithSpentGift(answers->answers->For(reader, now, request.if_none_match()));
  reader.gift_until = gift.expire_time;
  return answers->answers->For(reader, now, request.if_none_match());
}

absl::StatusOr<bool> ReadingService::Redeem(const Scope& scope, const GiftLink& gift, const std::string& reader_key) {
  // Each link its own digests: nobody learns from them who reads what else.
  const std::string reader = crypto::Sha256(absl::StrCat(gift.id, "/", reader_key));
  ASSIGN_OR_RETURN(const std::optional<bool> known,
                   database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<std::optional<bool>> {
                     if (IsOver(gift, db::Now(tx))) return std::optional(false);
                     if (HasRedeemed(tx, gift, reader)) return std::optional(true);
                     return std::optional<bool>();
                   }));
  if (known.has_value()) return *known;
  return database_.Write(scope, [&](db::Transaction& tx) { return articles::Redeem(tx, gift, reader); });
}

absl::StatusOr<v1::ResolvePathResponse> ReadingService::ResolvePath(const Call& call,
                                                                    const v1::ResolvePathRequest& request) {
  FieldViolations violations;
  CheckPath(request.url_path(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    return ToProto(request.url_path(), articles::ResolvePath(tx, request.url_path()));
  });
}

absl::StatusOr<AnswerCache::Handle> ReadingService::Answers(const Scope& scope, const std::string& key) {
  if (AnswerCache::Handle kept = cache_.Find(key)) return kept;
  return flights_.Do(key, scope, [&] { return Fill(scope, key); });
}

absl::StatusOr<AnswerCache::Handle> ReadingService::Fill(const Scope& scope, const std::string& key) {
  // Whoever came just too late for the flight before finds what it brought.
  if (AnswerCache::Handle kept = cache_.Find(key)) return kept;
  ColdReads().Increment();
  const uint64_t generation = cache_.generation();
  ASSIGN_OR_RETURN(AnswerCache::Handle answers,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadAnswers(tx, key); }));
  // No event tells of the newsroom's redirects.
  if (!answers->article.empty()) cache_.Insert(key, answers, generation);
  return answers;
}

}  // namespace masthead::articles
