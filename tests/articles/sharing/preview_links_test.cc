#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "masthead/articles/v1/sharing_service.grpc.pb.h"
#include "services/articles/workers/cache_follower.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PreviewLinksTest : public Newsroom {
 protected:
  using Stub = v1::SharingService::Stub;

  grpc::Status TryCreateLink(const v1::CreatePreviewLinkRequest& request, v1::CreatePreviewLinkResponse* response) {
    return Call(*sharing_, &Stub::CreatePreviewLink, request, response, editor_);
  }

  v1::CreatePreviewLinkResponse CreateLink(const std::string& article, int64_t revision = 0) {
    v1::CreatePreviewLinkRequest request;
    request.set_parent(article);
    request.mutable_preview_link()->set_revision(revision);
    v1::CreatePreviewLinkResponse response;
    EXPECT_THAT(TryCreateLink(request, &response), IsOk());
    return response;
  }

  v1::PreviewLink Revoke(const std::string& name) {
    v1::RevokePreviewLinkRequest request;
    request.set_name(name);
    v1::PreviewLink link;
    EXPECT_THAT(Call(*sharing_, &Stub::RevokePreviewLink, request, &link, editor_), IsOk());
    return link;
  }

  grpc::Status Look(const std::string& token, v1::ReadArticleResponse* response,
                    v1::PreviewReader::Kind as = v1::PreviewReader::KIND_UNSPECIFIED, const std::string& tier = "") {
    v1::ReadArticleRequest request;
    request.set_preview_token(token);
    if (as != v1::PreviewReader::KIND_UNSPECIFIED) {
      request.mutable_preview_as()->set_kind(as);
      request.mutable_preview_as()->set_tier(tier);
    }
    return Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, response, "");
  }

  const std::unique_ptr<Stub> sharing_ = v1::SharingService::NewStub(channel_);
};

TEST_F(PreviewLinksTest, ShowsADraftToWhoeverHoldsTheLinkAndNobodyKeepsIt) {
  const v1::Article draft = Create(Draft("Crimea"));
  const v1::CreatePreviewLinkResponse made = CreateLink(draft.name());
  EXPECT_EQ(made.preview_link().state(), v1::LINK_STATE_ACTIVE);
  EXPECT_THAT(made.token(), SizeIs(43)) << "256 bits";

  v1::ReadArticleResponse read;
  ASSERT_THAT(Look(made.token(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea");
  EXPECT_EQ(read.article().body(0).paragraph().text().text(), "First paragraph.");
  EXPECT_FALSE(read.article().has_publish_time());
  EXPECT_TRUE(read.no_index());
  EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PRIVATE);
  EXPECT_FALSE(read.cache().has_max_age());
  EXPECT_THAT(Read(draft.name(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(PreviewLinksTest, ShowsTheWorkingCopyBesideTheLiveOneAndDoesNotDisturbIt) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  articles_.cache_follower().Run({.deadline = absl::Now() + absl::Seconds(10)});
  article.set_headline("Crimea, rewritten");
  article = Update(article, {"headline"});
  const std::string latest = CreateLink(article.name()).token();
  const std::string pinned = CreateLink(article.name(), 1).token();
  v1::ReadArticleResponse read;
  for (int round = 0; round < 2; ++round) {
    ASSERT_THAT(Look(latest, &read), IsOk());
    EXPECT_EQ(read.article().headline(), "Crimea, rewritten");
    ASSERT_THAT(Look(pinned, &read), IsOk());
    EXPECT_EQ(read.article().headline(), "Crimea");
    EXPECT_EQ(read.article().revision(), 1);
    EXPECT_THAT(Look("wrong", &read), StatusIs(absl::StatusCode::kNotFound, "PREVIEW_TOKEN_INVALID"));
    ASSERT_THAT(Read(article.url_path(), &read), IsOk());
    EXPECT_EQ(read.article().headline(), "Crimea");
    EXPECT_FALSE(read.no_index());
  }
}

TEST_F(PreviewLinksTest, ShowsTheGateAsOneOfItsReadersWouldSeeIt) {
  v1::Article draft = Draft("Gated");
  draft.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET");
  draft.mutable_access()->set_level(v1::Access::PLANS);
  draft.mutable_access()->add_plans("tiers/gold");
  draft.mutable_access()->set_preview_paragraphs(1);
  const std::string token = CreateLink(Create(draft).name()).token();
  v1::ReadArticleResponse read;
  ASSERT_THAT(Look(token, &read), IsOk());
  EXPECT_THAT(read.SerializeAsString(), HasSubstr("SECRET"));
  ASSERT_THAT(Look(token, &read, v1::PreviewReader::PLAN, "tiers/gold"), IsOk());
  EXPECT_EQ(read.access().reason(), v1::ReadAccess::ENTITLED);
  using As = std::pair<v1::PreviewReader::Kind, std::string>;
  for (const auto& [as, tier] : {As(v1::PreviewReader::ANONYMOUS, ""), As(v1::PreviewReader::REGISTERED, ""),
                                 As(v1::PreviewReader::PLAN, "tiers/silver")}) {
    ASSERT_THAT(Look(token, &read, as, tier), IsOk());
    EXPECT_EQ(read.access().reason(), v1::ReadAccess::PLAN_REQUIRED);
    EXPECT_THAT(read.SerializeAsString(), Not(HasSubstr("SECRET")));
  }
}

TEST_F(PreviewLinksTest, EndsWhenItIsRevokedOrItsTimeIsOverOrTheArticleIsGone) {
  const v1::Article draft = Create(Draft("Crimea"));
  const v1::CreatePreviewLinkResponse revoked = CreateLink(draft.name());
  const v1::CreatePreviewLinkResponse expired = CreateLink(draft.name());
  EXPECT_EQ(Revoke(revoked.preview_link().name()).state(), v1::LINK_STATE_REVOKED);
  EXPECT_EQ(Revoke(revoked.preview_link().name()).state(), v1::LINK_STATE_REVOKED) << "again changes nothing";
  postgres_.Execute("UPDATE preview_links SET expire_time = db_now() WHERE revoke_time IS NULL");
  v1::ReadArticleResponse read;
  for (const std::string& token : {revoked.token(), expired.token()}) {
    EXPECT_THAT(Look(token, &read), StatusIs(absl::StatusCode::kNotFound, "PREVIEW_TOKEN_INVALID"));
  }

  v1::ListPreviewLinksRequest list;
  list.set_parent(draft.name());
  list.set_page_size(1);
  v1::ListPreviewLinksResponse page;
  ASSERT_THAT(Call(*sharing_, &Stub::ListPreviewLinks, list, &page, editor_), IsOk());
  EXPECT_EQ(page.preview_links(0).state(), v1::LINK_STATE_EXPIRED);
  list.set_page_token(page.next_page_token());
  ASSERT_THAT(Call(*sharing_, &Stub::ListPreviewLinks, list, &page, editor_), IsOk());
  EXPECT_EQ(page.preview_links(0).state(), v1::LINK_STATE_REVOKED);
  EXPECT_THAT(page.next_page_token(), IsEmpty());

  const std::string token = CreateLink(draft.name()).token();
  v1::DeleteArticleRequest remove;
  remove.set_name(draft.name());
  remove.set_etag("*");
  v1::Article deleted;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::DeleteArticle, remove, &deleted), IsOk());
  EXPECT_THAT(Look(token, &read), StatusIs(absl::StatusCode::kNotFound, "PREVIEW_TOKEN_INVALID"));
}

TEST_F(PreviewLinksTest, TellsItsSecretOnceAndKeepsOnlyADigest) {
  v1::CreatePreviewLinkRequest request;
  request.set_parent(Create(Draft("Crimea")).name());
  request.mutable_preview_link();
  request.set_request_id("0191b3c4-0000-7000-8000-000000000001");
  v1::CreatePreviewLinkResponse first;
  v1::CreatePreviewLinkResponse again;
  ASSERT_THAT(TryCreateLink(request, &first), IsOk());
  ASSERT_THAT(TryCreateLink(request, &again), IsOk());
  EXPECT_EQ(again.preview_link().name(), first.preview_link().name());
  EXPECT_THAT(again.token(), IsEmpty());
  v1::ReadArticleResponse read;
  EXPECT_THAT(Look(first.token(), &read), IsOk());
}

TEST_F(PreviewLinksTest, SaysWhatIsWrongWithALink) {
  const std::string name = Create(Draft("Crimea")).name();
  v1::CreatePreviewLinkRequest request;
  request.set_parent(name);
  v1::CreatePreviewLinkResponse response;
  EXPECT_THAT(TryCreateLink(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.mutable_preview_link()->set_revision(7);
  EXPECT_THAT(TryCreateLink(request, &response), StatusIs(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  request.mutable_preview_link()->set_revision(0);
  for (const absl::Duration life : {-absl::Seconds(1), absl::Hours(24 * 91)}) {
    request.mutable_preview_link()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + life));
    EXPECT_THAT(TryCreateLink(request, &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  }
  request.set_parent("articles/nothing");
  request.mutable_preview_link()->clear_expire_time();
  EXPECT_THAT(TryCreateLink(request, &response), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::articles
