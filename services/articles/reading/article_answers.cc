#include "services/articles/reading/article_answers.h"

#include <memory>

#include "common/rpc/service.h"
#include "services/articles/reading/reading_proto.h"

namespace masthead::articles {
namespace {

// Besides the bytes themselves: the entry, its names, the place in the index.
constexpr size_t kOverheadBytes = 1024;

Reader ReaderOf(const auth::Caller& caller) {
  return {.is_staff = caller.kind == auth::Caller::Kind::kStaff,
          .is_member = caller.kind == auth::Caller::Kind::kMember,
          .tiers = caller.tiers};
}

std::shared_ptr<AnswerCache::Entry> MakeEntry(const LiveArticle& live) {
  auto entry = std::make_shared<AnswerCache::Entry>();
  entry->article = ArticleName(live.article.id);
  entry->version = live.article.version;
  entry->shown = ShownResources(live);
  return entry;
}

AnswerCache::Handle Weighed(std::shared_ptr<AnswerCache::Entry> entry) {
  entry->bytes = entry->answers.entitled.Length() + entry->answers.others.Length() + kOverheadBytes;
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

const grpc::ByteBuffer& ArticleAnswers::For(const auth::Caller& caller) const {
  if (access.level == Access::Level::kPublic) return entitled;
  return Granted(Gate::Decide(access, ReaderOf(caller))) ? entitled : others;
}

AnswerCache::Handle MakeAnswers(const LiveArticle& live) {
  const std::shared_ptr<AnswerCache::Entry> entry = MakeEntry(live);
  entry->answers.access = live.article.content.access;
  entry->answers.entitled = rpc::ToByteBuffer(ToReadResponse(Gate::OpenForEntitled(live)));
  if (entry->answers.access.level != Access::Level::kPublic) {
    entry->answers.others = rpc::ToByteBuffer(ToReadResponse(Gate::OpenForOthers(live)));
  }
  return Weighed(entry);
}

AnswerCache::Handle MakeRedirectAnswer(const LiveArticle& live, const std::string& former_path) {
  const std::shared_ptr<AnswerCache::Entry> entry = MakeEntry(live);
  entry->answers.entitled = rpc::ToByteBuffer(ToRedirectResponse(live, former_path));
  return Weighed(entry);
}

void Follow(const v1::Event& event, AnswerCache& cache) {
  if (const v1::ArticleFacts* facts = FactsOf(event)) {
    cache.Invalidate(event.resource(), event.revision(), facts->url_path());
  } else {
    cache.InvalidateShown(event.resource());
  }
}

}  // namespace masthead::articles
