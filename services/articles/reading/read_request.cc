#include "services/articles/reading/read_request.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "services/articles/article/slug.h"
#include "services/articles/errors.h"
#include "services/articles/reading/if_none_match.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxTokenBytes = 100;
constexpr size_t kMaxReaderKeyBytes = 200;
constexpr size_t kMaxAnonymousReaderBytes = 100;
constexpr size_t kMaxAddressBytes = 45;  // Of an IPv6 address that ends as an IPv4 one.
constexpr char kReaderScope[] = "articles.read";

bool IsCountryOrEmpty(absl::string_view code) {
  return code.empty() || (code.size() == 2 && absl::c_all_of(code, [](char c) { return absl::ascii_isupper(c); }));
}

void CheckToken(absl::string_view field, absl::string_view token, FieldViolations& violations) {
  if (token.empty() || token.size() > kMaxTokenBytes) {
    violations.Add(field, absl::StrCat("has none or more than ", kMaxTokenBytes, " bytes"));
  }
}

void CheckTarget(const v1::ReadArticleRequest& request, FieldViolations& violations) {
  switch (request.target_case()) {
    case v1::ReadArticleRequest::kName:
      if (!resource::ParseName(request.name(), "articles/*")) violations.Add("name", "is no name articles/{article}");
      break;
    case v1::ReadArticleRequest::kUrlPath:
      CheckPath(request.url_path(), violations);
      break;
    case v1::ReadArticleRequest::kPreviewToken:
      CheckToken("preview_token", request.preview_token(), violations);
      break;
    case v1::ReadArticleRequest::kGiftToken:
      CheckToken("gift_token", request.gift_token(), violations);
      break;
    case v1::ReadArticleRequest::TARGET_NOT_SET:
      violations.Add("name", "or url_path, preview_token or gift_token is required");
  }
}

void CheckPreviewAs(const v1::ReadArticleRequest& request, FieldViolations& violations) {
  if (!request.has_preview_as()) return;
  const v1::PreviewReader& reader = request.preview_as();
  if (!request.has_preview_token()) violations.Add("preview_as", "is only for a preview_token");
  if (reader.kind() == v1::PreviewReader::KIND_UNSPECIFIED || !v1::PreviewReader::Kind_IsValid(reader.kind())) {
    violations.Add("preview_as.kind", "is no kind that this server knows");
  }
  if (reader.kind() == v1::PreviewReader::PLAN) {
    if (!resource::ParseName(reader.tier(), "tiers/*")) violations.Add("preview_as.tier", "is no name tiers/{tier}");
  } else if (!reader.tier().empty()) {
    violations.Add("preview_as.tier", "is only for the kind PLAN");
  }
}

void CheckReaderKey(const v1::ReadArticleRequest& request, const auth::Caller& caller, FieldViolations& violations) {
  if (request.reader_key().size() > kMaxReaderKeyBytes) {
    violations.Add("reader_key", absl::StrCat("has more than ", kMaxReaderKeyBytes, " bytes"));
  }
  if (!request.has_gift_token()) {
    if (!request.reader_key().empty()) violations.Add("reader_key", "is only for a gift_token");
  } else if (GiftReaderKey(request, caller).empty()) {
    violations.Add("reader_key", "is required with a gift_token");
  }
}

bool MayNameReaders(const auth::Caller& caller) {
  return caller.kind == auth::Caller::Kind::kService || caller.HasScope(kReaderScope);
}

}  // namespace

absl::Status CheckReadRequest(const v1::ReadArticleRequest& request, const auth::Caller& caller) {
  FieldViolations violations;
  CheckTarget(request, violations);
  CheckPreviewAs(request, violations);
  CheckReaderKey(request, caller, violations);
  if (!request.reader().empty() && !resource::ParseName(request.reader(), "members/*")) {
    violations.Add("reader", "is no name members/{member}");
  }
  if (request.anonymous_reader().size() > kMaxAnonymousReaderBytes) {
    violations.Add("anonymous_reader", absl::StrCat("has more than ", kMaxAnonymousReaderBytes, " bytes"));
  }
  if (request.reader_address().size() > kMaxAddressBytes) {
    violations.Add("reader_address", absl::StrCat("has more than ", kMaxAddressBytes, " bytes"));
  }
  if (!IsCountryOrEmpty(request.country_code())) violations.Add("country_code", "is no code of two capital letters");
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const bool tells_of_reader = !request.reader().empty() || !request.reader_address().empty();
  return !tells_of_reader || MayNameReaders(caller) ? absl::OkStatus() : ReaderNotAdmitted();
}

const std::string* CacheKey(const v1::ReadArticleRequest& request) {
  switch (request.target_case()) {
    case v1::ReadArticleRequest::kName:
      return &request.name();
    case v1::ReadArticleRequest::kUrlPath:
      return &request.url_path();
    default:
      return nullptr;
  }
}

bool IsPlain(const v1::ReadArticleRequest& request) {
  return request.reader().empty() && request.reader_address().empty() && request.reader_key().empty() &&
         !request.has_preview_as() && IsCountryOrEmpty(request.country_code()) &&
         request.if_none_match().size() <= kMaxEtagBytes &&
         request.anonymous_reader().size() <= kMaxAnonymousReaderBytes;
}

Reader PreviewReaderOf(const v1::ReadArticleRequest& request) {
  Reader reader = {.country_code = request.country_code()};
  switch (request.preview_as().kind()) {
    case v1::PreviewReader::ANONYMOUS:
      break;
    case v1::PreviewReader::REGISTERED:
      reader.is_member = true;
      break;
    case v1::PreviewReader::PLAN:
      reader.is_member = true;
      reader.tiers = {request.preview_as().tier()};
      break;
    default:
      reader.is_staff = true;
  }
  return reader;
}

std::string GiftReaderKey(const v1::ReadArticleRequest& request, const auth::Caller& caller) {
  if (caller.kind == auth::Caller::Kind::kMember) return caller.subject;
  if (!request.reader().empty()) return request.reader();
  // Never to be taken for a member's.
  return request.reader_key().empty() ? "" : absl::StrCat("key/", request.reader_key());
}

void CheckPath(absl::string_view path, FieldViolations& violations) {
  if (path.size() > kMaxPathBytes || path.empty() || path.front() != '/') {
    violations.Add("url_path", absl::StrCat("is no path of at most ", kMaxPathBytes, " bytes that begins with /"));
  } else if (path.find('\0') != absl::string_view::npos) {
    violations.Add("url_path", "holds U+0000");
  }
}

std::optional<ArticlePath> ParseArticlePath(absl::string_view path) {
  const std::vector<std::string> segments = absl::StrSplit(path, absl::MaxSplits('/', 3));
  if (segments.size() != 3 || !segments[0].empty() || !IsSlug(segments[2])) return std::nullopt;
  return ArticlePath{segments[1], segments[2]};
}

}  // namespace masthead::articles
