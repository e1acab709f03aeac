#include "services/articles/reading/reading_service.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "common/telemetry/metrics.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/slug.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/schedule_store.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int kMaxBatch = 100;
constexpr size_t kMaxPathBytes = 200;
// An answer "nothing there" is kept no longer than this, nor beyond the next planned publication: it might be this very
// path's.
constexpr absl::Duration kMaxAbsence = absl::Seconds(60);

// What the answers to a request are kept under: the name or the path as sent. Nothing is found under a malformed one.
const std::string& KeyOf(const v1::ReadArticleRequest& request) {
  return request.has_url_path() ? request.url_path() : request.name();
}

struct Path {
  std::string language_code;
  std::string slug;
};

// `/{language_code}/{slug}`; nullopt for what no article can have.
std::optional<Path> ParsePath(absl::string_view path) {
  const std::vector<std::string> segments = absl::StrSplit(path, absl::MaxSplits('/', 3));
  if (segments.size() != 3 || !segments[0].empty() || !IsSlug(segments[2])) return std::nullopt;
  return Path{segments[1], segments[2]};
}

absl::Status CheckTarget(const v1::ReadArticleRequest& request) {
  FieldViolations violations;
  switch (request.target_case()) {
    case v1::ReadArticleRequest::kName:
      if (!resource::ParseName(request.name(), "articles/*")) violations.Add("name", "is no name articles/{article}");
      break;
    case v1::ReadArticleRequest::kUrlPath:
      if (request.url_path().size() > kMaxPathBytes || request.url_path().empty() ||
          request.url_path().front() != '/') {
        violations.Add("url_path", absl::StrCat("is no path of at most ", kMaxPathBytes, " bytes that begins with /"));
      } else if (request.url_path().find('\0') != std::string::npos) {
        violations.Add("url_path", "holds U+0000");
      }
      break;
    case v1::ReadArticleRequest::TARGET_NOT_SET:
      violations.Add("name", "or url_path is required");
  }
  return violations.ToStatus();
}

absl::Status Absent(db::Transaction& tx, const std::string& key) {
  const std::optional<absl::Duration> next_due = UntilNextDue(tx);
  const absl::Duration max_age = std::clamp(next_due.value_or(kMaxAbsence), absl::ZeroDuration(), kMaxAbsence);
  return NothingPublished(key, max_age, key.front() == '/' ? absl::StrCat("path:", key) : key);
}

// What stands at a name or path.
absl::StatusOr<AnswerCache::Handle> LoadAnswers(db::Transaction& tx, const std::string& key) {
  std::string id;
  std::optional<Path> path;
  std::optional<PathHolder> holder;
  if (key.front() == '/') {
    path = ParsePath(key);
    if (path.has_value()) holder = LoadPathHolder(tx, path->language_code, path->slug);
    if (!holder.has_value()) return Absent(tx, key);
    id = holder->article_id;
  } else {
    id = resource::ParseName(key, "articles/*")->front();
  }
  std::vector<LiveArticle> live = LoadLiveArticles(tx, {id}, Bodies::kAll);
  if (live.empty()) {
    std::optional<LiveArticle> retracted = LoadRetracted(tx, id);
    if (!retracted.has_value()) return Absent(tx, key);
    live.push_back(*std::move(retracted));
  }
  const bool moved = path.has_value() && path->slug != live[0].article.published_slug;
  return moved ? MakeRedirectAnswer(live[0], key) : MakeAnswers(live[0]);
}

absl::StatusOr<PublishedFilter> ReadFilter(const v1::ListPublishedArticlesRequest& request) {
  PublishedFilter filter;
  FieldViolations violations;
  const auto read_id = [&](const char* field, const std::string& name, absl::string_view pattern) -> std::string {
    if (name.empty()) return "";
    const auto ids = resource::ParseName(name, pattern);
    if (ids.has_value()) return ids->front();
    violations.Add(field, absl::StrCat("is no name ", pattern));
    return "";
  };
  filter.section_id = read_id("section", request.section(), "sections/*");
  filter.tag_id = read_id("tag", request.tag(), "tags/*");
  filter.language_code = request.language_code();
  if (!filter.language_code.empty()) CheckLanguage("language_code", filter.language_code, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return filter;
}

std::optional<PublishedPosition> ReadPosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  return PublishedPosition{absl::FromUnixMicros(micros), keys[1]};
}

absl::StatusOr<std::vector<std::string>> ReadNames(const v1::BatchGetAlertContentRequest& request) {
  FieldViolations violations;
  std::vector<std::string> ids;
  if (request.names().empty() || request.names_size() > kMaxBatch) {
    violations.Add("names", absl::StrCat("has none or more than ", kMaxBatch, " entries"));
    return violations.ToStatus();
  }
  for (int i = 0; i < request.names_size(); ++i) {
    const auto id = resource::ParseName(request.names(i), "articles/*");
    if (id.has_value()) {
      ids.push_back(id->front());
    } else {
      violations.Add(absl::StrCat("names[", i, "]"), "is no name articles/{article}");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return ids;
}

}  // namespace

prometheus::Counter& ColdReads() {
  static prometheus::Counter& counter =
      telemetry::Counter("masthead_articles_cold_reads_total", "Calls of ReadArticle that had to ask the database.");
  return counter;
}

ReadingService::ReadingService(db::Database& database, AnswerCache& cache, const crypto::MacKey& key)
    : database_(database), cache_(cache), page_tokens_(key) {}

void ReadingService::Register(rpc::Service& reading_service) {
  reading_service.UnaryBytes<v1::ReadArticleResponse>("ReadArticle", this, &ReadingService::Read,
                                                      &ReadingService::ReadNow);
  reading_service.Unary("ListPublishedArticles", this, &ReadingService::ListPublished);
  reading_service.Unary("BatchGetAlertContent", this, &ReadingService::BatchGetAlertContent);
}

std::optional<grpc::ByteBuffer> ReadingService::ReadNow(const Call& call, const v1::ReadArticleRequest& request) {
  const AnswerCache::Handle kept = cache_.Find(KeyOf(request));
  if (kept == nullptr) return std::nullopt;
  return kept->answers.For(*call.caller);
}

absl::StatusOr<grpc::ByteBuffer> ReadingService::Read(const Call& call, const v1::ReadArticleRequest& request) {
  RETURN_IF_ERROR(CheckTarget(request));
  const std::string& key = KeyOf(request);
  if (const AnswerCache::Handle kept = cache_.Find(key)) return kept->answers.For(*call.caller);
  ASSIGN_OR_RETURN(const AnswerCache::Handle filled,
                   flights_.Do(key, call.scope, [&] { return Fill(call.scope, key); }));
  return filled->answers.For(*call.caller);
}

absl::StatusOr<AnswerCache::Handle> ReadingService::Fill(const Scope& scope, const std::string& key) {
  // Whoever came just too late for the flight before finds what it brought.
  if (AnswerCache::Handle kept = cache_.Find(key)) return kept;
  ColdReads().Increment();
  const uint64_t generation = cache_.generation();
  ASSIGN_OR_RETURN(AnswerCache::Handle answers,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadAnswers(tx, key); }));
  cache_.Insert(key, answers, generation);
  return answers;
}

absl::StatusOr<v1::ListPublishedArticlesResponse> ReadingService::ListPublished(
    const Call& call, const v1::ListPublishedArticlesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const PublishedFilter filter, ReadFilter(request));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    std::vector<PublishedPosition> page = LoadPublishedPage(tx, filter, ReadPosition(keys), limit + 1);
    v1::ListPublishedArticlesResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      const PublishedPosition& last = page.back();
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                     {absl::StrCat(absl::ToUnixMicros(last.publish_time)), last.id}));
    }
    std::vector<std::string> ids;
    for (PublishedPosition& position : page) ids.push_back(std::move(position.id));
    for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kWhereDekIsEmpty)) {
      *response.add_articles() = ToListedProto(Gate::OpenForOthers(std::move(live)));
    }
    return response;
  });
}

absl::StatusOr<v1::BatchGetAlertContentResponse> ReadingService::BatchGetAlertContent(
    const Call& call, const v1::BatchGetAlertContentRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ReadNames(request));
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    v1::BatchGetAlertContentResponse response;
    std::set<std::string> found;
    for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kWhereDekIsEmpty)) {
      found.insert(ArticleName(live.article.id));
      *response.add_contents() = ToAlertProto(Gate::OpenForOthers(std::move(live)));
    }
    for (const std::string& name : request.names()) {
      if (found.count(name) == 0) response.add_not_public(name);
    }
    return response;
  });
}

}  // namespace masthead::articles
