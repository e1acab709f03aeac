// Addresses that are not written to.
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class SuppressionsTest : public ChoicesTest {
 protected:
  v1::Suppression Suppress(const std::string& address,
                           v1::Suppression::Scope scope = v1::Suppression::SCOPE_UNSPECIFIED) {
    v1::CreateSuppressionRequest request;
    request.set_address(address);
    request.mutable_suppression()->set_scope(scope);
    v1::Suppression suppression;
    EXPECT_THAT(suppressions_->CreateSuppression(AsSupport().get(), request, &suppression), IsOk());
    return suppression;
  }
  std::string Suppressed() { return postgres_.QueryValue("SELECT suppressed FROM endpoints"); }
};

TEST_F(SuppressionsTest, AreKeyedByTheCanonicalAddress) {
  AddReader("olha", {});
  const v1::Suppression suppression = Suppress(" OLHA@Readers.EXAMPLE ");
  EXPECT_EQ(suppression.reason(), v1::Suppression::MANUAL);
  EXPECT_EQ(suppression.scope(), v1::Suppression::NON_TRANSACTIONAL);
  EXPECT_EQ(Suppressed(), "t");
  EXPECT_EQ(GetEndpoint("recipients/olha/endpoints/email").state(), v1::Endpoint::SUPPRESSED);
  EXPECT_EQ(Suppress("olha@readers.example", v1::Suppression::ALL).name(), suppression.name())
      << "the same address, taken over";

  v1::BatchCheckSuppressionsRequest check;
  for (const char* address : {"olha+tag@readers.example", "Olha@readers.example", "o.lha@readers.example"})
    check.add_addresses(address);
  v1::BatchCheckSuppressionsResponse response;
  ASSERT_THAT(suppressions_->BatchCheckSuppressions(AsSupport().get(), check, &response), IsOk());
  ASSERT_THAT(response.results(), SizeIs(1)) << "dots and tags are part of the address";
  EXPECT_EQ(response.results(0).index(), 1);
  EXPECT_EQ(response.results(0).suppression().scope(), v1::Suppression::ALL);

  v1::DeleteSuppressionRequest remove;
  remove.set_name(suppression.name());
  google::protobuf::Empty nothing;
  ASSERT_THAT(suppressions_->DeleteSuppression(AsSupport().get(), remove, &nothing), IsOk());
  EXPECT_EQ(Suppressed(), "f");
  EXPECT_THAT(suppressions_->DeleteSuppression(AsSupport().get(), remove, &nothing),
              StatusIs(StatusCode::kNotFound, "SUPPRESSION_NOT_FOUND"));
}

TEST_F(SuppressionsTest, ANonAsciiDomainIsItsALabel) {
  EXPECT_EQ(Suppress("Новини@приклад.укр").name(), Suppress("новини@xn--80aikifvh.xn--j1amh").name());
}

TEST_F(SuppressionsTest, EndWhenTheirTimeIsOver) {
  AddReader("olha", {});
  Suppress("olha@readers.example");
  postgres_.QueryValue("UPDATE suppressions SET expire_time = db_now() - interval '1 second' RETURNING 1");
  EXPECT_EQ(Suppressed(), "f") << "the mark follows the end";
  v1::BatchCheckSuppressionsRequest check;
  check.add_addresses("olha@readers.example");
  v1::BatchCheckSuppressionsResponse response;
  ASSERT_THAT(suppressions_->BatchCheckSuppressions(AsSupport().get(), check, &response), IsOk());
  EXPECT_THAT(response.results(), SizeIs(0));
  const Cancellation never;
  ASSERT_TRUE(notifications_->choices_expiry().Step(never).ok());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM suppressions"), "0");
}

TEST_F(SuppressionsTest, AreListedNewestFirstPageByPage) {
  const std::string first = Suppress("a@readers.example").name();
  const std::string second = Suppress("b@readers.example").name();
  v1::ListSuppressionsRequest request;
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    v1::ListSuppressionsResponse response;
    ASSERT_THAT(suppressions_->ListSuppressions(AsSupport().get(), request, &response), IsOk());
    for (const v1::Suppression& suppression : response.suppressions()) names.push_back(suppression.name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre(second, first));
  request.set_reason(v1::Suppression::COMPLAINT);
  v1::ListSuppressionsResponse response;
  ASSERT_THAT(suppressions_->ListSuppressions(AsSupport().get(), request, &response), IsOk());
  EXPECT_THAT(response.suppressions(), SizeIs(0));
}

TEST_F(SuppressionsTest, CannotBeMadeAsIfSomebodyHadBeenErased) {
  v1::CreateSuppressionRequest request;
  request.set_address("a@readers.example");
  request.mutable_suppression()->set_reason(v1::Suppression::ERASED);
  v1::Suppression suppression;
  EXPECT_THAT(suppressions_->CreateSuppression(AsSupport().get(), request, &suppression),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::notifications
