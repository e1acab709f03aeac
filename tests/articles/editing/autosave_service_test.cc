#include "gmock/gmock.h"
#include "masthead/articles/v1/sharing_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class AutosaveTest : public Newsroom {
 protected:
  grpc::Status TrySave(const v1::Article& article, const std::string& headline, bool autosave, v1::Article* saved) {
    v1::UpdateArticleRequest request;
    *request.mutable_article() = article;
    request.mutable_article()->set_headline(headline);
    request.mutable_update_mask()->add_paths("headline");
    request.set_autosave(autosave);
    return Edit(&v1::ArticlesService::Stub::UpdateArticle, request, saved);
  }
  v1::Article Autosave(const v1::Article& article, const std::string& headline) {
    v1::Article saved;
    EXPECT_THAT(TrySave(article, headline, /*autosave=*/true, &saved), IsOk());
    return saved;
  }
  v1::Article Save(const v1::Article& article, const std::string& headline) {
    v1::Article saved;
    EXPECT_THAT(TrySave(article, headline, /*autosave=*/false, &saved), IsOk());
    return saved;
  }
};

TEST_F(AutosaveTest, KeepsOneRevisionAMinuteAndEveryEtagApart) {
  const v1::Article created = Create(Draft("C"));
  const v1::Article first = Autosave(created, "Cr");
  EXPECT_EQ(first.revision(), 2) << "what was saved on purpose stays";
  const v1::Article second = Autosave(first, "Cri");
  EXPECT_EQ(second.revision(), 2);
  EXPECT_NE(second.etag(), first.etag());
  v1::Article stale;
  EXPECT_THAT(TrySave(first, "Crimea lost", /*autosave=*/true, &stale),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_EQ(Get(created.name()).headline(), "Cri");
  EXPECT_EQ(Autosave(second, "Cri").etag(), second.etag()) << "nothing changed";

  postgres_.MoveClock(absl::Seconds(61));
  const v1::Article later = Autosave(second, "Crime");
  EXPECT_EQ(later.revision(), 3);
  const v1::Article saved = Save(later, "Crimea");
  EXPECT_EQ(saved.revision(), 4);
  EXPECT_EQ(Autosave(saved, "Crimea!").revision(), 5);
}

TEST_F(AutosaveTest, LeavesAPublishedRevisionAndALinkedOneAlone) {
  const v1::Article draft = Autosave(Create(Draft("C")), "Crimea");
  const v1::Article published = Publish(draft);
  const v1::Article after = Autosave(published, "Crimea, again");
  EXPECT_EQ(after.revision(), published.revision() + 1);

  v1::CreatePreviewLinkRequest request;
  request.set_parent(after.name());
  request.mutable_preview_link()->set_revision(after.revision());
  v1::CreatePreviewLinkResponse link;
  const auto sharing = v1::SharingService::NewStub(channel_);
  ASSERT_THAT(Call(*sharing, &v1::SharingService::Stub::CreatePreviewLink, request, &link, editor_), IsOk());
  EXPECT_EQ(Autosave(after, "Crimea, once more").revision(), after.revision() + 1);
}

TEST_F(AutosaveTest, IsNotMergedWithAnotherEditors) {
  const v1::Article mine = Autosave(Create(Draft("C")), "Crimea");
  v1::UpdateArticleRequest request;
  *request.mutable_article() = mine;
  request.mutable_article()->set_headline("Kherson");
  request.set_autosave(true);
  v1::Article theirs;
  ASSERT_THAT(Call(*editing_, &v1::ArticlesService::Stub::UpdateArticle, request, &theirs,
                   server_.StaffToken({"editor"}, "staffMembers/petro")),
              IsOk());
  EXPECT_EQ(theirs.revision(), mine.revision() + 1);
}

}  // namespace
}  // namespace masthead::articles
