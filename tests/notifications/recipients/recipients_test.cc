// Anonymous readers: made, changed, imported, exported, erased.
#include "common/crypto/mac.h"
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecipientsTest : public ChoicesTest {
 protected:
  std::vector<v1::ImportRecipientsResponse> Import(const std::vector<v1::ImportRecipientsRequest>& messages) {
    const auto context = AsBackend();
    auto stream = recipients_->ImportRecipients(context.get());
    std::vector<v1::ImportRecipientsResponse> answers;
    for (const v1::ImportRecipientsRequest& message : messages) {
      EXPECT_TRUE(stream->Write(message));
      v1::ImportRecipientsResponse answer;
      if (stream->Read(&answer)) answers.push_back(answer);
    }
    stream->WritesDone();
    v1::ImportRecipientsResponse more;
    EXPECT_FALSE(stream->Read(&more));
    EXPECT_THAT(stream->Finish(), IsOk());
    return answers;
  }

  static void AddRow(v1::ImportRecipientsRequest& message, const std::string& address,
                     const std::vector<std::string>& topics) {
    v1::ImportRecipientsRequest::Row& row = *message.add_rows();
    row.set_email_address(address);
    for (const std::string& topic : topics) row.add_topics("topics/" + topic);
    row.mutable_consent()->set_source("Old list");
  }

  v1::ExportRecipientResponse Export(const std::string& name) {
    v1::ExportRecipientRequest request;
    request.set_name(name);
    v1::ExportRecipientResponse response;
    EXPECT_THAT(recipients_->ExportRecipient(AsSupport().get(), request, &response), IsOk());
    return response;
  }
};

TEST_F(RecipientsTest, AnAnonymousReaderHasNoMemberAndIsChanged) {
  v1::Recipient recipient = CreateRecipient("uk");
  EXPECT_EQ(recipient.member(), "");
  v1::UpdateRecipientRequest update;
  *update.mutable_recipient() = recipient;
  update.mutable_recipient()->set_time_zone("Europe/Kyiv");
  ASSERT_THAT(recipients_->UpdateRecipient(AsSupport().get(), update, &recipient), IsOk());
  EXPECT_EQ(recipient.time_zone(), "Europe/Kyiv");
  EXPECT_THAT(recipients_->UpdateRecipient(AsSupport().get(), update, &recipient),
              StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));
  update.mutable_recipient()->set_etag("*");
  update.mutable_recipient()->set_time_zone("Mars/Olympus");
  EXPECT_THAT(recipients_->UpdateRecipient(AsSupport().get(), update, &recipient),
              StatusIs(StatusCode::kInvalidArgument, "UNKNOWN_TIME_ZONE"));
}

TEST_F(RecipientsTest, AMembersRecordIsChangedInMemberships) {
  AddReader("olha", {});
  v1::UpdateRecipientRequest update;
  update.mutable_recipient()->set_name("recipients/olha");
  update.mutable_recipient()->set_locale("en");
  update.mutable_recipient()->set_etag("*");
  v1::Recipient recipient;
  EXPECT_THAT(recipients_->UpdateRecipient(AsSupport().get(), update, &recipient),
              StatusIs(StatusCode::kFailedPrecondition, "RECIPIENT_OF_A_MEMBER"));
  v1::EraseRecipientRequest erase;
  erase.set_name("recipients/olha");
  EXPECT_THAT(recipients_->EraseRecipient(AsSupport().get(), erase, &recipient),
              StatusIs(StatusCode::kFailedPrecondition, "RECIPIENT_OF_A_MEMBER"));
}

TEST_F(RecipientsTest, AreListedByAgePageByPage) {
  AddReader("olha", {});
  const std::string first = CreateRecipient().name();
  const std::string second = CreateRecipient().name();
  v1::ListRecipientsRequest request;
  request.set_page_size(1);
  request.set_anonymous_only(true);
  std::vector<std::string> names;
  do {
    v1::ListRecipientsResponse response;
    ASSERT_THAT(recipients_->ListRecipients(AsSupport().get(), request, &response), IsOk());
    for (const v1::Recipient& recipient : response.recipients()) names.push_back(recipient.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre(first, second));
}

TEST_F(RecipientsTest, AnImportMayBeSentAgainAndReportsWhatItCouldNot) {
  AddReader("olha", {});
  CreateTopic("weekly", v1::Topic::DOUBLE);
  v1::ImportRecipientsRequest first;
  AddRow(first, "taras@readers.example", {"weekly"});
  AddRow(first, "not an address", {});
  AddRow(first, "TARAS@readers.example", {});
  AddRow(first, "Lesya@readers.example", {"weekly", "breaking"});
  v1::ImportRecipientsRequest second;
  AddRow(second, "olha@readers.example", {});
  AddRow(second, "ivan@readers.example", {"nowhere"});
  for (const int round : {1, 2}) {
    const std::vector<v1::ImportRecipientsResponse> answers = Import({first, second});
    ASSERT_THAT(answers, SizeIs(2));
    ASSERT_THAT(answers[0].refused_rows(), SizeIs(2));
    EXPECT_EQ(answers[0].refused_rows(0).row(), 2);
    EXPECT_EQ(answers[0].refused_rows(0).reason(), "INVALID_ADDRESS");
    EXPECT_EQ(answers[0].refused_rows(1).reason(), "DUPLICATE_ADDRESS");
    ASSERT_THAT(answers[1].refused_rows(), SizeIs(2));
    EXPECT_EQ(answers[1].refused_rows(0).row(), 5);
    EXPECT_EQ(answers[1].refused_rows(0).reason(), "RECIPIENT_OF_A_MEMBER");
    EXPECT_EQ(answers[1].refused_rows(1).reason(), "TOPIC_NOT_FOUND");
    EXPECT_EQ(answers[1].created_count(), round == 1 ? 2 : 0);
    EXPECT_EQ(answers[1].known_count(), round == 1 ? 0 : 2);
    EXPECT_EQ(answers[1].refused_count(), 4);
  }
  EXPECT_EQ(postgres_.QueryValue("SELECT string_agg(state || source, ' ') FROM subscriptions"),
            "ACTIVEIMPORTED ACTIVEIMPORTED ACTIVEIMPORTED");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM consents WHERE source = 'Old list'"), "3");
  postgres_.QueryValue("UPDATE subscriptions SET state = 'UNSUBSCRIBED' RETURNING 1");
  Import({first});
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM subscriptions WHERE state = 'ACTIVE'"), "0")
      << "who left has left";
}

TEST_F(RecipientsTest, AreExportedWholeAndErasedButForAHash) {
  const v1::Recipient recipient = CreateRecipient("uk");
  CreateMailbox(recipient.name(), "Olha.B+news@readers.example");
  CreateTopic("weekly");
  v1::Subscription subscription;
  subscription.mutable_consent()->set_source("Footer form");
  subscription.mutable_consent()->set_text_version("2026-01");
  ASSERT_THAT(Follow(recipient.name(), "weekly", &subscription), IsOk());
  const v1::ExportRecipientResponse held = Export(recipient.name());
  ASSERT_THAT(held.endpoints(), SizeIs(1));
  EXPECT_EQ(held.endpoints(0).address(), "Olha.B+news@readers.example");
  EXPECT_THAT(held.subscriptions(), SizeIs(1));
  ASSERT_THAT(held.consents(), SizeIs(1));
  EXPECT_EQ(held.consents(0).consent().text_version(), "2026-01");

  v1::EraseRecipientRequest erase;
  erase.set_name(recipient.name());
  v1::Recipient erased;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(recipients_->EraseRecipient(AsSupport().get(), erase, &erased), IsOk());
    EXPECT_EQ(erased.state(), v1::Recipient::DELETED);
  }
  const v1::ExportRecipientResponse nothing = Export(recipient.name());
  EXPECT_THAT(nothing.endpoints(), IsEmpty());
  EXPECT_THAT(nothing.subscriptions(), IsEmpty());
  EXPECT_THAT(nothing.consents(), IsEmpty());
  EXPECT_EQ(nothing.recipient().locale(), "");
  EXPECT_EQ(
      postgres_.QueryValue("SELECT reason || ' ' || scope || ' ' || encode(address_hash, 'hex') FROM suppressions"),
      "ERASED NON_TRANSACTIONAL " + absl::BytesToHexString(crypto::Sha256("olha.b+news@readers.example")));

  v1::ImportRecipientsRequest message;
  AddRow(message, "olha.b+news@readers.example", {});
  EXPECT_EQ(Import({message})[0].refused_rows(0).reason(), "ERASED_ADDRESS");
}

TEST_F(RecipientsTest, AMemberWhoComesBackAndConsentsIsToldAgain) {
  AddReader("olha", {"breaking"});
  memberships_.Remove("olha");
  UntilRecipientsAre(0);
  EXPECT_EQ(postgres_.QueryValue("SELECT reason FROM suppressions"), "ERASED");
  memberships_.Register("olha-again", "olha@readers.example");
  memberships_.Consent("olha-again", "breaking", true, absl::Now() + absl::Seconds(1));
  UntilSubscribed("olha-again", "breaking", "ACTIVE");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM suppressions"), "0");
  EXPECT_EQ(postgres_.QueryValue("SELECT suppressed FROM endpoints"), "f");
}

}  // namespace
}  // namespace masthead::notifications
