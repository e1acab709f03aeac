// Newsletters: who gets how much of the articles, and that nothing changes under way.
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/template_service.grpc.pb.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/issues/issue_source.h"
#include "services/notifications/issues/issue_store.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/templates/template_store.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

articles::v1::NewsletterContent ForMembers() {
  articles::v1::NewsletterContent article;
  article.set_article("articles/talks");
  article.set_headline("Talks resume");
  article.set_url_path("/en/talks");
  article.set_level(articles::v1::Access::MEMBERS);
  article.add_preview()->set_html("<p>The beginning</p>");
  article.mutable_preview(0)->set_text("The beginning\n\n");
  article.add_whole()->set_html("<p>The beginning</p><p>The secret</p>");
  article.mutable_whole(0)->set_text("The beginning\n\nThe secret\n\n");
  return article;
}

class Newsletter : public QuietNewsroomTest {
 protected:
  Newsletter() : templates_(v1::TemplateService::NewStub(server_->Channel())) {}

  // Makes a message to the followers of `section-war`. Returns its name.
  std::string Make(const std::string& template_id, const Values& values,
                   const std::vector<articles::v1::NewsletterContent>& issue = {},
                   const std::vector<Variant>& variants = {}) {
    Message message;
    message.id = ids::NewUuid();
    message.dedupe_key = message.id;
    message.lane = "NEWSLETTER";
    message.source = "CAMPAIGN";
    message.template_id = template_id;
    message.topics = {"section-war"};
    message.values = values;
    const absl::Status made = postgres_.database()
                                  .Write({.deadline = absl::Now() + absl::Seconds(20)},
                                         [&](db::Transaction& tx) -> absl::StatusOr<bool> {
                                           InsertTopicsFirstSeen(tx, message.topics);
                                           message.create_time = absl::Now();
                                           message.expire_time = absl::Now() + absl::Hours(1);
                                           const absl::StatusOr<int> revision = NewestRevision(tx, template_id);
                                           if (!revision.ok()) return revision.status();
                                           message.template_revision = *revision;
                                           const bool inserted =
                                               InsertMessage(tx, message, LoadLivingTopics(tx, message.topics));
                                           InsertIssue(tx, message.number, issue);
                                           InsertVariants(tx, message.number, variants);
                                           return inserted;
                                         })
                                  .status();
    EXPECT_THAT(made, IsOk());
    return MessageName(message.id);
  }

  v1::TemplateRevision Commit(const std::string& id) {
    v1::CommitTemplateRequest request;
    request.set_name("templates/" + id);
    request.set_etag("*");
    v1::TemplateRevision revision;
    EXPECT_THAT(templates_->CommitTemplate(AsEditor().get(), request, &revision), IsOk());
    return revision;
  }

  v1::CreateTemplateRequest Draft(const std::string& id) {
    v1::CreateTemplateRequest request;
    request.set_template_id(id);
    request.mutable_template_()->set_default_locale("en");
    v1::TemplateText& text = (*request.mutable_template_()->mutable_texts())["en"];
    text.set_subject("For {{name}}");
    text.set_html("<p>Dear {{name}}</p>");
    text.set_text("Dear {{name}}");
    v1::TemplateVariable& variable = *request.mutable_template_()->add_variables();
    variable.set_name("name");
    variable.set_required(true);
    return request;
  }

  std::unique_ptr<v1::TemplateService::Stub> templates_;
};

TEST_F(Newsletter, GivesAFreeReaderThePreviewAndASupporterTheWhole) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-war"}, "", {"supporter"});
  Make("newsletter", {{"headline", "This week"}}, {ForMembers()});
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  ASSERT_THAT(LettersTo("mark"), SizeIs(1));
  const std::string free = LettersTo("olha")[0].bytes;
  EXPECT_THAT(free, HasSubstr("The beginning"));
  EXPECT_THAT(free, Not(HasSubstr("The secret")));
  EXPECT_THAT(free, HasSubstr("Subscribe to read on"));
  EXPECT_THAT(free, HasSubstr("https://news.example/en/talks"));
  const std::string paid = LettersTo("mark")[0].bytes;
  EXPECT_THAT(paid, HasSubstr("The secret"));
  EXPECT_THAT(paid, Not(HasSubstr("Subscribe to read on")));
}

TEST_F(Newsletter, LeavesOutWhatIsNotPublicAnyMore) {
  articles_.Offer(ForMembers());
  const IssueSource source(articles_.channel());
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(10)};
  EXPECT_THAT(*source.Ask(scope, {"articles/talks", "articles/gone"}), SizeIs(1));
  articles_.Withdraw("talks");
  EXPECT_THAT(*source.Ask(scope, {"articles/talks", "articles/gone"}), SizeIs(0));
}

TEST_F(Newsletter, KeepsTheRevisionThatItWasMadeWith) {
  AddReader("olha", {"section-war"});
  v1::Template made;
  v1::CreateTemplateRequest draft = Draft("weekly");
  ASSERT_THAT(templates_->CreateTemplate(AsEditor().get(), draft, &made), IsOk());
  Commit("weekly");
  Make("weekly", {{"name", "Olha"}});
  ASSERT_THAT(FanOutAll(), IsOk());
  v1::UpdateTemplateRequest update;
  *update.mutable_template_() = draft.template_();
  update.mutable_template_()->set_name("templates/weekly");
  update.mutable_template_()->set_etag("*");
  (*update.mutable_template_()->mutable_texts())["en"].set_subject("Changed");
  ASSERT_THAT(templates_->UpdateTemplate(AsEditor().get(), update, &made), IsOk());
  EXPECT_EQ(Commit("weekly").name(), "templates/weekly@2");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("olha").at(0).bytes, HasSubstr("\r\nSubject: For Olha\r\n"));
}

TEST_F(Newsletter, EscapesValuesInHtmlAndLeavesThemAsTheyAreInText) {
  AddReader("olha", {"section-war"});
  v1::Template made;
  v1::CreateTemplateRequest draft = Draft("weekly");
  v1::PreviewTemplateRequest preview;
  preview.set_name("templates/weekly");
  (*preview.mutable_values())["name"] = "<b>Оля & Co</b>";
  ASSERT_THAT(templates_->CreateTemplate(AsEditor().get(), draft, &made), IsOk());
  v1::PreviewTemplateResponse shown;
  ASSERT_THAT(templates_->PreviewTemplate(AsEditor().get(), preview, &shown), IsOk());
  EXPECT_EQ(shown.html(), "<p>Dear &lt;b&gt;Оля &amp; Co&lt;/b&gt;</p>");
  EXPECT_EQ(shown.text(), "Dear <b>Оля & Co</b>");
}

TEST_F(Newsletter, FailsOnlyThoseWhoseLetterLacksAValue) {
  AddReader("olha", {"section-war"}, "uk-UA");
  AddReader("mark", {"section-war"}, "en");
  v1::CreateTemplateRequest draft = Draft("weekly");
  v1::TemplateText& ukrainian = (*draft.mutable_template_()->mutable_texts())["uk"];
  ukrainian.set_subject("Для {{name}}, {{city}}");
  ukrainian.set_text("Вітаємо");
  v1::TemplateVariable& city = *draft.mutable_template_()->add_variables();
  city.set_name("city");
  city.set_required(true);
  v1::Template made;
  ASSERT_THAT(templates_->CreateTemplate(AsEditor().get(), draft, &made), IsOk());
  Commit("weekly");
  const std::string message = Make("weekly", {{"name", "you"}});
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message, "mark").state(), v1::Delivery::SENT);
  EXPECT_EQ(DeliveryTo(message, "olha").state(), v1::Delivery::FAILED);
  EXPECT_THAT(postgres_.QueryValue("SELECT reason FROM deliveries WHERE state = 'FAILED'"),
              HasSubstr("TEMPLATE_VARIABLE_MISSING"));
}

TEST_F(Newsletter, PreviewsAnIssueAsAFreeReaderUnlessSomebodyIsNamed) {
  AddReader("mark", {}, "uk", {"supporter"});
  articles_.Offer(ForMembers());
  v1::PreviewTemplateRequest request;
  request.set_name("templates/newsletter@1");
  (*request.mutable_values())["headline"] = "This week";
  request.add_articles("articles/talks");
  v1::PreviewTemplateResponse shown;
  ASSERT_THAT(templates_->PreviewTemplate(AsEditor().get(), request, &shown), IsOk());
  EXPECT_EQ(shown.locale(), "en");
  EXPECT_THAT(shown.html(), Not(HasSubstr("The secret")));
  EXPECT_THAT(shown.text(), HasSubstr("Subscribe to read on: https://news.example/en/talks"));
  EXPECT_THAT(shown.headers(), HasSubstr("Subject: This week\r\n"));
  request.set_recipient("recipients/mark");
  ASSERT_THAT(templates_->PreviewTemplate(AsEditor().get(), request, &shown), IsOk());
  EXPECT_EQ(shown.locale(), "uk");
  EXPECT_THAT(shown.html(), HasSubstr("The secret"));
}

}  // namespace
}  // namespace masthead::notifications
