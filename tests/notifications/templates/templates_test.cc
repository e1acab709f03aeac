// Templates as editors write them.
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/template_service.grpc.pb.h"
#include "services/notifications/templates/template_text.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class Templates : public QuietNewsroomTest {
 protected:
  Templates() : stub_(v1::TemplateService::NewStub(server_->Channel())) {}

  static v1::CreateTemplateRequest Draft(const std::string& id = "weekly") {
    v1::CreateTemplateRequest request;
    request.set_template_id(id);
    v1::TemplateText& text = (*request.mutable_template_()->mutable_texts())["en"];
    text.set_subject("For {{name}}");
    text.set_html("<p>Dear {{name}}</p>");
    text.set_text("Dear {{name}}");
    request.mutable_template_()->add_variables()->set_name("name");
    request.mutable_template_()->mutable_variables(0)->set_example("Olha");
    return request;
  }
  v1::Template Create(const v1::CreateTemplateRequest& request) {
    v1::Template made;
    EXPECT_THAT(stub_->CreateTemplate(AsEditor().get(), request, &made), IsOk());
    return made;
  }
  grpc::Status Commit(const std::string& name, v1::TemplateRevision* revision) {
    v1::CommitTemplateRequest request;
    request.set_name(name);
    request.set_etag("*");
    return stub_->CommitTemplate(AsEditor().get(), request, revision);
  }

  std::unique_ptr<v1::TemplateService::Stub> stub_;
};

TEST_F(Templates, AreWrittenCommittedChangedAndRolledBack) {
  v1::Template draft = Create(Draft());
  EXPECT_EQ(draft.committed_revision(), "");
  v1::TemplateRevision revision;
  ASSERT_THAT(Commit(draft.name(), &revision), IsOk());
  EXPECT_EQ(revision.name(), "templates/weekly@1");

  v1::UpdateTemplateRequest update;
  update.mutable_template_()->set_name(draft.name());
  update.mutable_template_()->set_etag(draft.etag());
  v1::Template changed;
  EXPECT_THAT(stub_->UpdateTemplate(AsEditor().get(), update, &changed),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  update.mutable_template_()->set_etag("*");
  *update.mutable_template_()->mutable_texts() = draft.texts();
  (*update.mutable_template_()->mutable_texts())["en"].set_subject("Hello {{name}}");
  ASSERT_THAT(stub_->UpdateTemplate(AsEditor().get(), update, &changed), IsOk());
  ASSERT_THAT(Commit(draft.name(), &revision), IsOk());

  v1::RollbackTemplateRequest back;
  back.set_name(draft.name());
  back.set_etag("*");
  back.set_revision("templates/weekly@1");
  ASSERT_THAT(stub_->RollbackTemplate(AsEditor().get(), back, &revision), IsOk());
  EXPECT_EQ(revision.name(), "templates/weekly@3");
  EXPECT_EQ(revision.texts().at("en").subject(), "For {{name}}");
  back.set_revision("templates/weekly@9");
  EXPECT_THAT(stub_->RollbackTemplate(AsEditor().get(), back, &revision),
              StatusIs(absl::StatusCode::kNotFound, "REVISION_NOT_FOUND"));

  v1::GetTemplateRevisionRequest get;
  get.set_name("templates/weekly@2");
  ASSERT_THAT(stub_->GetTemplateRevision(AsEditor().get(), get, &revision), IsOk());
  EXPECT_EQ(revision.texts().at("en").subject(), "Hello {{name}}");
  v1::ListTemplateRevisionsRequest list;
  list.set_name(draft.name());
  list.set_page_size(2);
  v1::ListTemplateRevisionsResponse page;
  ASSERT_THAT(stub_->ListTemplateRevisions(AsEditor().get(), list, &page), IsOk());
  ASSERT_THAT(page.revisions(), SizeIs(2));
  EXPECT_EQ(page.revisions(0).name(), "templates/weekly@3");
  list.set_page_token(page.next_page_token());
  ASSERT_THAT(stub_->ListTemplateRevisions(AsEditor().get(), list, &page), IsOk());
  ASSERT_THAT(page.revisions(), SizeIs(1));
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(Templates, AreNotCommittedWithWhatCannotBeFilled) {
  int made = 0;
  const auto refused = [&](const std::string& part, const std::string& source) {
    v1::CreateTemplateRequest request = Draft(absl::StrCat("t", ++made));
    v1::TemplateText& text = (*request.mutable_template_()->mutable_texts())["en"];
    (part == "subject" ? *text.mutable_subject()
     : part == "html"  ? *text.mutable_html()
                       : *text.mutable_text()) = source;
    v1::TemplateRevision revision;
    const absl::Status status = rpc::FromGrpcStatus(Commit(Create(request).name(), &revision));
    EXPECT_THAT(status, StatusIs(kInvalid, "TEMPLATE_INVALID")) << source;
    EXPECT_EQ(ErrorMetadata(status, "locale"), "en");
    EXPECT_EQ(ErrorMetadata(status, "part"), part);
  };
  refused("subject", "{{stranger}}");
  refused("html", "{{#name}}");
  refused("text", "{{name");
  refused("text", "{{#each readers}}{{name}}{{/each}}");
  refused("html", "{{#each articles}}{{secret}}{{/each}}");
  refused("text", "{{#each articles}}{{#each articles}}{{/each}}{{/each}}");
  refused("text", "");
}

TEST_F(Templates, RefuseEverythingWrongAtOnce) {
  v1::CreateTemplateRequest request = Draft("Bad ID");
  v1::Template made;
  request.mutable_template_()->mutable_variables(0)->set_name("articles");
  request.mutable_template_()->mutable_variables(0)->set_type(v1::TemplateVariable::HTML);
  (*request.mutable_template_()->mutable_texts())["en"].set_html(std::string((1 << 20) + 1, 'x'));
  EXPECT_THAT(stub_->CreateTemplate(AsEditor().get(), request, &made), StatusIs(kInvalid, "INVALID_FIELD"));
  request = Draft();
  (*request.mutable_template_()->mutable_texts())["en"].set_subject("Hello\r\nBcc: x@y");
  EXPECT_THAT(stub_->CreateTemplate(AsEditor().get(), request, &made), StatusIs(kInvalid, "HEADER_INJECTION"));
  Create(Draft());
  EXPECT_THAT(stub_->CreateTemplate(AsEditor().get(), Draft(), &made),
              StatusIs(absl::StatusCode::kAlreadyExists, "TEMPLATE_EXISTS"));
}

TEST_F(Templates, OfMastheadAreRevisedAndNotDeleted) {
  v1::DeleteTemplateRequest request;
  request.set_etag("*");
  v1::Template deleted;
  for (const char* name : {"templates/alert", "templates/sign-in", "templates/newsletter"}) {
    request.set_name(name);
    EXPECT_THAT(stub_->DeleteTemplate(AsEditor().get(), request, &deleted),
                StatusIs(absl::StatusCode::kFailedPrecondition, "TEMPLATE_BUILT_IN"));
    v1::TemplateRevision revision;
    EXPECT_THAT(Commit(name, &revision), IsOk()) << name;
    EXPECT_EQ(revision.name(), absl::StrCat(name, "@2"));
  }
}

TEST_F(Templates, AreDeletedAndTakenBack) {
  Create(Draft());
  v1::DeleteTemplateRequest request;
  request.set_name("templates/weekly");
  request.set_etag("*");
  v1::Template found;
  ASSERT_THAT(stub_->DeleteTemplate(AsEditor().get(), request, &found), IsOk());
  EXPECT_TRUE(found.has_delete_time());
  v1::TemplateRevision revision;
  EXPECT_THAT(Commit("templates/weekly", &revision), StatusIs(absl::StatusCode::kNotFound, "TEMPLATE_NOT_FOUND"));
  v1::UndeleteTemplateRequest back;
  back.set_name("templates/weekly");
  back.set_etag("*");
  ASSERT_THAT(stub_->UndeleteTemplate(AsEditor().get(), back, &found), IsOk());
  EXPECT_FALSE(found.has_delete_time());
}

TEST_F(Templates, AreSentToEditorsAsATest) {
  Create(Draft());
  v1::SendTestTemplateRequest request;
  request.set_name("templates/weekly");
  request.add_addresses("editor@news.example");
  request.add_addresses("desk@news.example");
  request.set_request_id(ids::NewUuid());
  v1::SendTestTemplateResponse response;
  ASSERT_THAT(stub_->SendTestTemplate(AsEditor().get(), request, &response), IsOk());
  ASSERT_THAT(stub_->SendTestTemplate(AsEditor().get(), request, &response), IsOk());
  EXPECT_THAT(response.messages(), SizeIs(2));
  ASSERT_THAT(SendAll(), IsOk());
  ASSERT_THAT(sink_.messages(), SizeIs(2));
  EXPECT_THAT(sink_.messages()[0].bytes, HasSubstr("\r\nSubject: [Test] For Olha\r\n"));
  EXPECT_THAT(sink_.messages()[0].bytes, HasSubstr("<p>Dear Olha</p>"));
  request.add_addresses("no address");
  request.set_request_id(ids::NewUuid());
  EXPECT_THAT(stub_->SendTestTemplate(AsEditor().get(), request, &response), StatusIs(kInvalid, "INVALID_FIELD"));
}

TEST_F(Templates, WarnOfWhatMailProgramsCutOff) {
  v1::CreateTemplateRequest draft = Draft();
  (*draft.mutable_template_()->mutable_texts())["en"].set_html(std::string(103 * 1024, 'x'));
  Create(draft);
  v1::PreviewTemplateRequest request;
  request.set_name("templates/weekly");
  v1::PreviewTemplateResponse shown;
  ASSERT_THAT(stub_->PreviewTemplate(AsEditor().get(), request, &shown), IsOk());
  EXPECT_THAT(shown.warnings(), ElementsAre(HasSubstr("cut off")));
  EXPECT_GT(shown.size_bytes(), 103 * 1024);
  (*request.mutable_values())["name"] = std::string(65 * 1024, 'x');
  EXPECT_THAT(stub_->PreviewTemplate(AsEditor().get(), request, &shown), StatusIs(kInvalid, "INVALID_FIELD"));
}

TEST_F(Templates, AreForEditorsAndCampaigners) {
  v1::Template made;
  EXPECT_EQ(stub_->CreateTemplate(AsMember("olha").get(), Draft(), &made).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(stub_->CreateTemplate(AsSupport().get(), Draft(), &made).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(stub_->CreateTemplate(AsBackend().get(), Draft(), &made), IsOk());
}

TEST(TemplateLocales, FallBackFromTheRegionToTheLanguageToTheDefault) {
  EXPECT_THAT(LocalesFor("uk-UA", "en"), ElementsAre("uk-UA", "uk", "en"));
  EXPECT_THAT(LocalesFor("", "uk"), ElementsAre("uk"));
}

TEST(TemplateVariables, AreOfTheirType) {
  EXPECT_TRUE(IsOfType("https://news.example/", "URL"));
  EXPECT_FALSE(IsOfType("javascript:alert(1)", "URL"));
  EXPECT_TRUE(IsOfType("2026-12-31", "DATE"));
  EXPECT_FALSE(IsOfType("soon", "DATE"));
  EXPECT_TRUE(IsOfType("-12.50", "NUMBER"));
  EXPECT_FALSE(IsOfType("1.2.3", "NUMBER"));
  EXPECT_FALSE(IsOfType("ten", "NUMBER"));
}

}  // namespace
}  // namespace masthead::notifications
