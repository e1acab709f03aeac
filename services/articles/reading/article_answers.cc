#include "services/articles/reading/article_answers.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "services/articles/reading/reading_proto.h"

namespace masthead::articles {
namespace {

// Besides the bytes themselves: the entry, its names, the place in the index.
constexpr size_t kOverheadBytes = 1024;

// How many answers of one article are kept; readers of rarer kinds get theirs made at each call.
constexpr size_t kMaxMade = 4;

// An article in memory is about so many times its answer's bytes.
constexpr size_t kLiveFactor = 2;

// The part of an answer that says how long it may be kept; nothing for less than a second.
grpc::Slice MaxAgePart(absl::Duration max_age) {
  v1::ReadArticleResponse part;
  if (const int64_t seconds = absl::ToInt64Seconds(max_age); seconds > 0) {
    part.mutable_cache()->mutable_max_age()->set_seconds(seconds);
  }
  return grpc::Slice(part.SerializeAsString());
}

// Later than every version: whatever is kept of the article goes.
constexpr int64_t kAnyVersion = std::numeric_limits<int64_t>::max();

grpc::Slice ToSlice(const v1::ReadArticleResponse& response) { return grpc::Slice(response.SerializeAsString()); }

// What depends on more than the Admission is put behind the bytes that are kept, as is how long they may be.
grpc::ByteBuffer WithPart(const grpc::ByteBuffer& answer, const v1::ReadArticleResponse& part) {
  std::vector<grpc::Slice> parts;
  if (!answer.Dump(&parts).ok()) return answer;
  parts.push_back(ToSlice(part));
  return grpc::ByteBuffer(parts.data(), parts.size());
}

std::shared_ptr<AnswerCache::Entry> MakeEntry(const LiveArticle& live) {
  auto entry = std::make_shared<AnswerCache::Entry>();
  entry->article = ArticleName(live.article.id);
  entry->version = live.article.version;
  entry->shown = ShownResources(live);
  return entry;
}

AnswerCache::Handle Weighed(std::shared_ptr<AnswerCache::Entry> entry) {
  entry->bytes = entry->answers->bytes() + kOverheadBytes;
  return entry;
}

const v1::ArticleFacts* FactsOf(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kArticlePublished:
      return &event.article_published().facts();
    case v1::Event::kArticleUpdated:
      return &event.article_updated().facts();
    case v1::Event::kArticleUnpublished:
      return &event.article_unpublished().facts();
    case v1::Event::kArticleRetracted:
      return &event.article_retracted().facts();
    case v1::Event::kArticleCorrected:
      return &event.article_corrected().facts();
    case v1::Event::kArticleReinstated:
      return &event.article_reinstated().facts();
    default:
      return nullptr;
  }
}

}  // namespace

Reader ReaderOf(const auth::Caller& caller) {
  return {.is_staff = caller.kind == auth::Caller::Kind::kStaff,
          .is_member = caller.kind == auth::Caller::Kind::kMember,
          .tiers = caller.tiers};
}

Answer::Answer(const v1::ReadArticleResponse& response)
    : etag_(response.cache().etag()), whole_(ToSlice(response)), not_modified_([&] {
        v1::ReadArticleResponse not_modified;
        not_modified.mutable_not_modified();
        if (response.has_access()) *not_modified.mutable_access() = response.access();
        *not_modified.mutable_cache() = response.cache();
        return ToSlice(not_modified);
      }()) {}

grpc::ByteBuffer Answer::Lasting(absl::Duration max_age, const std::string& if_none_match) const {
  static const grpc::Slice& longest = *new grpc::Slice(MaxAgePart(kMaxAnswerAge));
  const grpc::Slice parts[] = {!if_none_match.empty() && if_none_match == etag_ ? not_modified_ : whole_,
                               max_age >= kMaxAnswerAge ? longest : MaxAgePart(max_age)};
  return grpc::ByteBuffer(parts, 2);
}

ArticleAnswers::ArticleAnswers(LiveArticle live)
    : live_(std::move(live)), rules_(Gate::RulesOf(live_->article.content)) {
  // Staff's is the longest.
  const Answer whole = For(Gate::Admit(rules_, {.is_staff = true}, absl::InfinitePast()));
  whole_bytes_ = whole.bytes();
  if (!rules_.is_same_for_all()) return;
  everybodys_ = whole;
  live_.reset();
  MutexLock lock(mutex_);
  made_.clear();
}

ArticleAnswers::ArticleAnswers(const v1::ReadArticleResponse& response, absl::Duration max_age)
    : everybodys_(Answer(response)), everybodys_max_age_(max_age) {
  whole_bytes_ = everybodys_->bytes();
}

grpc::ByteBuffer ArticleAnswers::For(const Reader& reader, absl::Time now, const std::string& if_none_match) const {
  if (everybodys_.has_value()) return everybodys_->Lasting(everybodys_max_age_, if_none_match);
  const Admission admission = Gate::Admit(rules_, reader, now);
  absl::Duration max_age = admission.is_provisional() ? kProvisionalMaxAge : kMaxAnswerAge;
  if (const std::optional<absl::Time> change = Gate::NextChange(rules_, now))
    max_age = std::min(max_age, *change - now);
  if (admission.decision() == Decision::kGift) max_age = std::min(max_age, *reader.gift_until - now);
  if (admission.decision() != Decision::kMetered && admission.decision() != Decision::kMeterExhausted) {
    return For(admission).Lasting(max_age, if_none_match);
  }
  max_age = std::min(max_age, reader.meter->reset_time - now);
  return WithPart(For(admission).Lasting(max_age, if_none_match), MeterPart(*reader.meter));
}

bool ArticleAnswers::Open(const Reader& reader, absl::Time now) const {
  return is_same_for_all() || Granted(Gate::Admit(rules_, reader, now).decision());
}

bool ArticleAnswers::MeterMayOpen(const Reader& reader, absl::Time now) const {
  return !is_same_for_all() && articles::MeterMayOpen(Gate::Admit(rules_, reader, now).decision());
}

Answer ArticleAnswers::For(const Admission& admission) const {
  {
    MutexLock lock(mutex_);
    for (const auto& [kept, answer] : made_) {
      if (kept == admission) return answer;
    }
  }
  Answer answer(ToReadResponse(Gate::Open(*live_, admission)));
  MutexLock lock(mutex_);
  if (made_.size() < kMaxMade) made_.emplace_back(admission, answer);
  return answer;
}

size_t ArticleAnswers::bytes() const {
  return everybodys_.has_value() ? whole_bytes_ : (kLiveFactor + kMaxMade) * whole_bytes_;
}

grpc::ByteBuffer WithSpentGift(const grpc::ByteBuffer& answer) {
  v1::ReadArticleResponse part;
  part.mutable_access()->set_gift_is_over(true);
  return WithPart(answer, part);
}

AnswerCache::Handle MakeAnswers(const LiveArticle& live) {
  const std::shared_ptr<AnswerCache::Entry> entry = MakeEntry(live);
  entry->answers = std::make_unique<ArticleAnswers>(live);
  return Weighed(entry);
}

AnswerCache::Handle MakePathAnswer(const std::string& path, const PathResolution& resolution) {
  v1::ResolvePathResponse at_path = ToProto(path, resolution);
  v1::ReadArticleResponse response;
  if (at_path.has_redirect()) *response.mutable_redirect() = at_path.redirect();
  if (at_path.has_gone()) response.mutable_gone();
  *response.mutable_cache() = at_path.cache();
  response.mutable_cache()->clear_max_age();
  const auto entry = std::make_shared<AnswerCache::Entry>();
  entry->article = at_path.redirect().article();  // At version 0: whatever happens to it ends this.
  entry->answers = std::make_unique<ArticleAnswers>(response, resolution.max_age);
  return Weighed(entry);
}

void Follow(const v1::Event& event, AnswerCache& cache) {
  if (const v1::ArticleFacts* facts = FactsOf(event)) {
    cache.Invalidate(event.resource(), event.revision(), facts->url_path());
    for (const std::string& other : facts->translations()) cache.Invalidate(other, kAnyVersion, "");
  }
  cache.InvalidateShown(event.resource());
}

}  // namespace masthead::articles
