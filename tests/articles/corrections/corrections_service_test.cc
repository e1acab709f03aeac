#include "gmock/gmock.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Stub = v1::CorrectionsService::Stub;

class CorrectionsTest : public Newsroom {
 protected:
  v1::CreateCorrectionRequest Request(const std::string& article, const std::string& text) {
    v1::CreateCorrectionRequest request;
    request.set_parent(article);
    request.set_article_etag("*");
    request.mutable_correction()->set_kind(v1::Correction::CORRECTION);
    request.mutable_correction()->mutable_text()->set_text(text);
    return request;
  }

  grpc::Status Try(const v1::CreateCorrectionRequest& request, v1::Correction* correction = nullptr) {
    v1::Correction ignored;
    return Call(*corrections_, &Stub::CreateCorrection, request, correction != nullptr ? correction : &ignored,
                editor_);
  }

  v1::Correction Correct(const std::string& article, const std::string& text) {
    v1::Correction correction;
    EXPECT_THAT(Try(Request(article, text), &correction), IsOk());
    return correction;
  }

  v1::Correction Reword(const v1::Correction& correction, const std::string& text) {
    v1::UpdateCorrectionRequest request;
    request.mutable_correction()->set_name(correction.name());
    request.mutable_correction()->set_etag(correction.etag());
    request.mutable_correction()->mutable_text()->set_text(text);
    v1::Correction updated;
    EXPECT_THAT(Call(*corrections_, &Stub::UpdateCorrection, request, &updated, editor_), IsOk());
    return updated;
  }

  grpc::Status Withdraw(const v1::Correction& correction, v1::Correction* withdrawn) {
    v1::WithdrawCorrectionRequest request;
    request.set_name(correction.name());
    request.set_etag(correction.etag());
    request.set_reason("We were right after all.");
    return Call(*corrections_, &Stub::WithdrawCorrection, request, withdrawn, editor_);
  }

  v1::Correction GetCorrection(const std::string& name, const std::string& token = "") {
    v1::GetCorrectionRequest request;
    request.set_name(name);
    v1::Correction correction;
    EXPECT_THAT(Call(*corrections_, &Stub::GetCorrection, request, &correction, token), IsOk());
    return correction;
  }

  std::vector<std::string> Listed(const std::string& parent, const std::string& token = "") {
    v1::ListCorrectionsRequest request;
    request.set_parent(parent);
    request.set_page_size(2);
    std::vector<std::string> texts;
    do {
      v1::ListCorrectionsResponse response;
      EXPECT_THAT(Call(*corrections_, &Stub::ListCorrections, request, &response, token), IsOk());
      for (const v1::Correction& correction : response.corrections()) texts.push_back(correction.text().text());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return texts;
  }

  std::unique_ptr<Stub> corrections_ = v1::CorrectionsService::NewStub(channel_);
};

TEST_F(CorrectionsTest, TellReadersAndMoveTheArticlesTime) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());

  const v1::Correction correction = Correct(article.name(), "An earlier version misspelt a name.");

  EXPECT_EQ(correction.placement(), v1::Correction::BOTTOM);
  EXPECT_EQ(correction.article_revision(), 1);
  const v1::Article corrected = Get(article.name());
  EXPECT_EQ(corrected.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(corrected.correction_count(), 1);
  EXPECT_NE(corrected.etag(), article.etag());
  EXPECT_GT(TimeOf(corrected.content_update_time()), TimeOf(article.content_update_time()));
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.corrected"));
  EXPECT_EQ(Events().back().article_corrected().correction(), correction.name());
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  ASSERT_EQ(read.article().corrections_size(), 1);
  EXPECT_EQ(read.article().corrections(0).text().text(), "An earlier version misspelt a name.");
}

TEST_F(CorrectionsTest, AreOnlyForWhatReadersHave) {
  const v1::Article draft = Create(Draft("Crimea"));

  EXPECT_THAT(Try(Request(draft.name(), "Sorry.")), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
  EXPECT_THAT(Try(Request("articles/nothing", "Sorry.")), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Try(Request(draft.name(), " ")), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(CorrectionsTest, KeepTheirHistory) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  const v1::Correction first = Correct(article.name(), "First.");
  const v1::Correction second = Reword(first, "Second.");
  EXPECT_NE(second.etag(), first.etag());

  const v1::Correction kept = GetCorrection(first.name());

  EXPECT_EQ(kept.text().text(), "Second.");
  EXPECT_EQ(kept.kind(), v1::Correction::CORRECTION);
  ASSERT_EQ(kept.history_size(), 1);
  EXPECT_EQ(kept.history(0).text().text(), "First.");
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.corrected", "article.corrected"));
  // What changes nothing is no version.
  EXPECT_EQ(Reword(second, "Second.").etag(), second.etag());
}

TEST_F(CorrectionsTest, LeaveATraceWhenWithdrawn) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  const v1::Correction correction = Correct(article.name(), "We were wrong.");
  v1::Correction withdrawn;
  ASSERT_THAT(Withdraw(correction, &withdrawn), IsOk());

  EXPECT_TRUE(withdrawn.has_withdraw_time());
  EXPECT_EQ(withdrawn.withdrawal_reason(), "We were right after all.");
  EXPECT_EQ(Get(article.name()).correction_count(), 0);
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().corrections_size(), 0);
  EXPECT_THAT(Listed("articles/-"), ElementsAre(""));
  EXPECT_EQ(GetCorrection(correction.name()).history_size(), 0);
  EXPECT_EQ(GetCorrection(correction.name(), editor_).history(0).text().text(), "We were wrong.");
  EXPECT_THAT(Withdraw(withdrawn, &withdrawn), StatusIs(absl::StatusCode::kFailedPrecondition, "CORRECTION_WITHDRAWN"));
}

TEST_F(CorrectionsTest, OfAllArticlesMakeOnePage) {
  const v1::Article crimea = Publish(Create(Draft("Crimea")));
  const v1::Article kyiv = Publish(Create(Draft("Kyiv")));
  Correct(crimea.name(), "One.");
  Correct(kyiv.name(), "Two.");
  Correct(crimea.name(), "Three.");

  EXPECT_THAT(Listed("articles/-"), ElementsAre("Three.", "Two.", "One."));
  EXPECT_THAT(Listed(crimea.name()), ElementsAre("Three.", "One."));
  ASSERT_THAT(TryUnpublish(crimea.name()), IsOk());
  EXPECT_THAT(Listed("articles/-"), ElementsAre("Two."));
  EXPECT_THAT(Listed(crimea.name()), IsEmpty());
  EXPECT_THAT(Listed(crimea.name(), editor_), ElementsAre("Three.", "One."));
}

TEST_F(CorrectionsTest, MendTheArticleInTheSameBreath) {
  const v1::Article article = Publish(Create(Draft("Crimea")));
  v1::CreateCorrectionRequest request = Request(article.name(), "The headline named the wrong town.");
  request.set_article_etag(article.etag());
  request.mutable_article()->set_headline("Kherson");
  request.mutable_update_mask()->add_paths("headline");
  v1::Correction correction;
  ASSERT_THAT(Try(request, &correction), IsOk());

  EXPECT_EQ(correction.article_revision(), 2);
  const v1::Article mended = Get(article.name());
  EXPECT_EQ(mended.headline(), "Kherson");
  EXPECT_EQ(mended.published_revision(), 2);
  EXPECT_EQ(mended.correction_count(), 1);
  EXPECT_GT(TimeOf(mended.content_update_time()), TimeOf(article.content_update_time()));
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.updated", "article.corrected"));
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Kherson");
  EXPECT_EQ(read.article().corrections_size(), 1);

  request.set_article_etag(article.etag());
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(CorrectionsTest, AreNotMadeIfTheArticleCannotBeMended) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  v1::CreateCorrectionRequest request = Request(article.name(), "Sorry.");
  request.mutable_article()->set_section("sections/nowhere");
  request.mutable_update_mask()->add_paths("section");
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.mutable_article()->Clear();
  request.mutable_update_mask()->set_paths(0, "headline");
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));

  article.set_dek("What nobody has looked at yet.");
  Update(article, {"dek"});
  request.mutable_article()->set_headline("Kherson");
  EXPECT_THAT(Try(request), StatusIs(absl::StatusCode::kFailedPrecondition, "UNPUBLISHED_CHANGES"));

  EXPECT_EQ(Get(article.name()).correction_count(), 0);
  EXPECT_EQ(Get(article.name()).headline(), "Crimea");
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published"));
}

}  // namespace
}  // namespace masthead::articles
