#include "common/db/dsn.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::db {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Hardened(absl::string_view dsn) {
  const absl::StatusOr<std::string> hardened = HardenDsn(dsn, "masthead-articles");
  return hardened.ok() ? *hardened : hardened.status().ToString();
}

TEST(HardenDsn, BoundsEveryWait) {
  EXPECT_THAT(
      Hardened("host=/run/postgresql dbname=news"),
      AllOf(HasSubstr("connect_timeout='3'"), HasSubstr("tcp_user_timeout='3000'"), HasSubstr("keepalives='1'"),
            HasSubstr("keepalives_idle='2'"), HasSubstr("keepalives_interval='1'"), HasSubstr("keepalives_count='2'"),
            HasSubstr("target_session_attrs='read-write'"), HasSubstr("application_name='masthead-articles'"),
            HasSubstr("host='/run/postgresql'"), HasSubstr("dbname='news'")));
}

TEST(HardenDsn, AsksAnotherHostForItsCertificate) {
  for (const char* dsn : {"host=db.example.org", "host=10.0.0.1", "hostaddr=10.0.0.1 host=localhost",
                          "host=/run/postgresql,db.example.org", "postgresql://news@db.example.org/news",
                          "host=db.example.org sslmode=verify-full"}) {
    EXPECT_THAT(Hardened(dsn), HasSubstr("sslmode='verify-full'")) << dsn;
  }
  for (const char* dsn : {"", "host=localhost", "host=127.0.0.1,::1", "host=/run/postgresql", "postgresql:///news"}) {
    EXPECT_THAT(Hardened(dsn), Not(HasSubstr("sslmode"))) << dsn;
  }
}

TEST(HardenDsn, KeepsWhatIsSaidAndStrongEnough) {
  EXPECT_THAT(
      Hardened("host=db sslmode=require connect_timeout=5 tcp_user_timeout=10000 target_session_attrs=primary "
               "application_name=mine"),
      AllOf(HasSubstr("sslmode='require'"), HasSubstr("connect_timeout='5'"), HasSubstr("tcp_user_timeout='10000'"),
            HasSubstr("target_session_attrs='primary'"), HasSubstr("application_name='mine'")));
}

TEST(HardenDsn, RefusesWhatIsWeaker) {
  for (const char* dsn : {"host=db sslmode=disable", "host=db sslmode=allow", "host=db sslmode=prefer",
                          "connect_timeout=0", "connect_timeout=60", "connect_timeout=x", "tcp_user_timeout=0",
                          "tcp_user_timeout=600000", "keepalives=0", "keepalives_idle=0", "keepalives_idle=7200",
                          "keepalives_interval=75", "keepalives_count=100", "target_session_attrs=any",
                          "target_session_attrs=read-only", "postgresql://db.example.org/news?sslmode=disable"}) {
    EXPECT_EQ(HardenDsn(dsn, "masthead").status().code(), absl::StatusCode::kInvalidArgument) << dsn;
  }
}

TEST(HardenDsn, DoesNotRepeatAPasswordItCannotParse) {
  const absl::Status status = HardenDsn("host=db password=hunter2 nonsense", "masthead").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hunter2")));
}

TEST(HardenDsn, QuotesWhatNeedsQuotes) {
  const std::string once = Hardened(R"(password='it''s \\ here' dbname=news)");
  EXPECT_THAT(once, HasSubstr("INVALID_ARGUMENT"));  // libpq knows no doubled quotes.
  const std::string hardened = Hardened(R"(password='it\'s \\ here')");
  EXPECT_THAT(hardened, HasSubstr(R"(password='it\'s \\ here')"));
  EXPECT_EQ(Hardened(hardened), hardened);
}

TEST(SplitHosts, GivesEachHostItsPort) {
  EXPECT_THAT(SplitHosts("host=a,b port=1,2"), ElementsAre("host='a' port='1'", "host='b' port='2'"));
  EXPECT_THAT(SplitHosts("host=a,b port=7"), ElementsAre("host='a' port='7'", "host='b' port='7'"));
  EXPECT_THAT(SplitHosts("host=a,b"), ElementsAre("host='a'", "host='b'"));
  EXPECT_THAT(SplitHosts("host=a port=7"), ElementsAre("host=a port=7"));
  EXPECT_THAT(SplitHosts("host=a,b hostaddr=1.1.1.1,2.2.2.2"),
              ElementsAre("host='a' hostaddr='1.1.1.1'", "host='b' hostaddr='2.2.2.2'"));
}

}  // namespace
}  // namespace masthead::db
