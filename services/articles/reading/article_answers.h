// The answers of ReadArticle as they are kept: serialised, one per kind of reader.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "common/base/mutex.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "masthead/articles/v1/events.pb.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/path_resolution.h"
#include "services/articles/reading/reading_cache.h"

namespace masthead::articles {

// How long an answer may be kept that was given without knowing all about the reader.
inline constexpr absl::Duration kProvisionalMaxAge = absl::Seconds(2);

// What the caller's own credentials say.
Reader ReaderOf(const auth::Caller& caller);

// The bytes of one answer. How long it may be kept is put behind them at each call: a message within a message may come
// in two parts (protobuf encoding, "Last One Wins").
class Answer {
 public:
  // `response` says nothing of `max_age`.
  explicit Answer(const v1::ReadArticleResponse& response);

  grpc::ByteBuffer Lasting(absl::Duration max_age, const std::string& if_none_match) const;
  size_t bytes() const { return whole_.size() + not_modified_.size(); }

 private:
  std::string etag_;
  grpc::Slice whole_;
  grpc::Slice not_modified_;
};

// Everything that may be answered about one article, or one path where none is. Thread-safe.
class ArticleAnswers {
 public:
  explicit ArticleAnswers(LiveArticle live);
  // The same for everybody; says nothing of `max_age`.
  ArticleAnswers(const v1::ReadArticleResponse& response, absl::Duration max_age);

  // Whether it matters not who asks.
  bool is_same_for_all() const { return everybodys_.has_value(); }

  // The gate decides at each call.
  grpc::ByteBuffer For(const Reader& reader, absl::Time now, const std::string& if_none_match) const;

  // Whether For gives this reader the whole body.
  bool Open(const Reader& reader, absl::Time now) const;

  // Whether For would give this reader more if a meter opened the article.
  bool MeterMayOpen(const Reader& reader, absl::Time now) const;
  const Access& access() const { return rules_.access; }

  // What keeping it costs at most, so far as its own bytes go.
  size_t bytes() const;

 private:
  Answer For(const Admission& admission) const;

  std::optional<Answer> everybodys_;
  const absl::Duration everybodys_max_age_ = kMaxAnswerAge;

  // For the others: what their answers are made from, and the first few that were made.
  std::optional<LiveArticle> live_;
  const AccessRules rules_;
  size_t whole_bytes_ = 0;
  mutable Mutex mutex_;
  mutable std::vector<std::pair<Admission, Answer>> made_ ABSL_GUARDED_BY(mutex_);
};

using AnswerCache = ReadingCache<std::unique_ptr<const ArticleAnswers>>;

// The same answer, which also says that the gift link shown opens nothing any more.
grpc::ByteBuffer WithSpentGift(const grpc::ByteBuffer& answer);

// All answers of an article, with what the cache needs to know.
AnswerCache::Handle MakeAnswers(const LiveArticle& live);

// The answer at a path that redirects, or where what stood is gone. It names the article that its events are about, if
// any: without one, nothing would say when it is outdated.
AnswerCache::Handle MakePathAnswer(const std::string& path, const PathResolution& resolution);

// Drops what an event of this service makes outdated.
void Follow(const v1::Event& event, AnswerCache& cache);

}  // namespace masthead::articles
