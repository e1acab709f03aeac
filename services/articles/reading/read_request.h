// What requests to read may say.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/caller.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "services/articles/reading/gate.h"

namespace masthead::articles {

inline constexpr size_t kMaxPathBytes = 200;

// INVALID_FIELD, with all that is wrong; READER_NOT_ADMITTED.
absl::Status CheckReadRequest(const v1::ReadArticleRequest& request, const auth::Caller& caller);

// What the article is kept under that the request asks for: its name or path as sent, of which nothing is kept if it is
// malformed. Null where a token leads to the article: what such a reader gets is found by no key.
const std::string* CacheKey(const v1::ReadArticleRequest& request);

// Whether a request with a CacheKey can be answered from the caller's credentials alone, and has nothing wrong with it.
bool IsPlain(const v1::ReadArticleRequest& request);

// The reader as whom the holder of a preview link looks.
Reader PreviewReaderOf(const v1::ReadArticleRequest& request);

// By what a reader who comes by a gift link is told from others; empty if nothing does.
std::string GiftReaderKey(const v1::ReadArticleRequest& request, const auth::Caller& caller);

void CheckPath(absl::string_view path, FieldViolations& violations);

struct ArticlePath {
  std::string language_code;
  std::string slug;
};

// `/{language_code}/{slug}`; nullopt for what no article can have.
std::optional<ArticlePath> ParseArticlePath(absl::string_view path);

}  // namespace masthead::articles
