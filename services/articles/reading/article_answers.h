// The answers of ReadArticle as they are kept: serialised, one per kind of reader.
#pragma once

#include <string>

#include "common/auth/caller.h"
#include "grpcpp/support/byte_buffer.h"
#include "masthead/articles/v1/events.pb.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/reading_cache.h"

namespace masthead::articles {

struct ArticleAnswers {
  Access access;
  grpc::ByteBuffer entitled;  // For those the article is open to; for everybody if it is public.
  grpc::ByteBuffer others;    // The preview; empty if the article is public.

  // The gate decides at each call.
  const grpc::ByteBuffer& For(const auth::Caller& caller) const;
};

using AnswerCache = ReadingCache<ArticleAnswers>;

// Both answers of an article, with what the cache needs to know.
AnswerCache::Handle MakeAnswers(const LiveArticle& live);

// The answer at a path that redirects to the article.
AnswerCache::Handle MakeRedirectAnswer(const LiveArticle& live, const std::string& former_path);

// Drops what an event of this service makes outdated.
void Follow(const v1::Event& event, AnswerCache& cache);

}  // namespace masthead::articles
