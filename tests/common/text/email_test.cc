#include <string>

#include "common/text/text.h"
#include "gtest/gtest.h"

namespace masthead::text {
namespace {

std::string Normal(absl::string_view address) {
  const absl::StatusOr<std::string> normal = NormalizeEmail(address);
  return normal.ok() ? *normal : "refused";
}

TEST(NormalizeEmail, GivesOneFormToOneMailbox) {
  EXPECT_EQ(Normal("olena@example.com"), "olena@example.com");
  EXPECT_EQ(Normal("  Olena@Example.COM \n"), "olena@example.com");
  EXPECT_EQ(Normal("новини@приклад.укр"), "новини@xn--80aikifvh.xn--j1amh");
  EXPECT_EQ(Normal("Новини@ПРИКЛАД.УКР"), "новини@xn--80aikifvh.xn--j1amh");
  EXPECT_EQ(Normal("новини@XN--80AIKIFVH.xn--j1amh"), "новини@xn--80aikifvh.xn--j1amh");
  EXPECT_EQ(Normal("cafe\u0301@example.com"), "caf\u00e9@example.com");
  EXPECT_EQ(Normal("a@bu\u0308cher.example"), "a@xn--bcher-kva.example");
  // IDNA 2008, not 2003: sharp s is a letter of its own.
  EXPECT_EQ(Normal("a@stra\u00dfe.example"), "a@xn--strae-oqa.example");
}

TEST(NormalizeEmail, LeavesDotsAndTagsToTheProvider) {
  EXPECT_EQ(Normal("o.l.e.n.a+news@gmail.com"), "o.l.e.n.a+news@gmail.com");
  EXPECT_NE(Normal("olena+news@gmail.com"), Normal("olena@gmail.com"));
}

TEST(NormalizeEmail, AdmitsEveryAtomOfRfc5321) {
  EXPECT_EQ(Normal("!#$%&'*+-/=?^_`{|}~@example.com"), "!#$%&'*+-/=?^_`{|}~@example.com");
}

TEST(NormalizeEmail, ChangesNothingTheSecondTime) {
  for (const char* address :
       {"Новини@приклад.укр", "\u0130stanbul@example.com", "ΟΔΟΣ@example.com", "\u212Bngstrom@example.com"}) {
    EXPECT_EQ(Normal(Normal(address)), Normal(address)) << address;
  }
}

TEST(NormalizeEmail, RefusesWhatIsNoAddress) {
  const std::string longest(64, 'a');
  for (const std::string& address :
       {std::string(),
        std::string("olena"),
        std::string("@example.com"),
        std::string("olena@"),
        std::string("olena@@example.com"),
        std::string("o lena@example.com"),
        std::string(".olena@example.com"),
        std::string("olena.@example.com"),
        std::string("o..lena@example.com"),
        std::string("\"olena\"@example.com"),
        std::string("olena@[192.0.2.1]"),
        std::string("olena@192.0.2.1"),
        std::string("olena@localhost"),
        std::string("olena@example..com"),
        std::string("olena@.example.com"),
        std::string("olena@example.com."),
        std::string("olena@-example.com"),
        std::string("olena@example-.com"),
        std::string("olena@exam_ple.com"),
        std::string("olena@example.c om"),
        std::string("Olena <olena@example.com>"),
        std::string("olena@example.com, petro@example.com"),
        std::string("olena@example.com\r\nRCPT TO:<x@example.com>"),
        std::string("olena\0@example.com", 18),
        std::string("olena@example.com\0", 18),
        std::string("ole\u200Bna@example.com"),
        std::string("ole\u00A0na@example.com"),
        std::string("ole\u202Ena\u0007@example.com"),
        std::string("olena@exa\u200Bmple.com\u0001"),
        longest + "a@example.com",
        longest + "@" + std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(63, 'd') + ".example",
        "olena@" + std::string(64, 'b') + ".com",
        std::string("olena@xn--a.com"),
        std::string("olena@xn--80aikifvh\u0438.com"),
        "olena@" + std::string(100000, 'b')}) {
    EXPECT_EQ(Normal(address), "refused") << address.substr(0, 300);
  }
  EXPECT_EQ(NormalizeEmail("olena").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(NormalizeEmail, AdmitsTheLongestLocalPart) {
  const std::string address = std::string(64, 'a') + "@example.com";
  EXPECT_EQ(Normal(address), address);
}

TEST(MailboxAddress, KeepsTheCaseOfTheLocalPart) {
  const absl::StatusOr<std::string> address = MailboxAddress(" Новини@приклад.укр ");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(*address, "Новини@xn--80aikifvh.xn--j1amh");
  EXPECT_EQ(*MailboxAddress("Olena.K@EXAMPLE.com"), "Olena.K@example.com");
  EXPECT_FALSE(MailboxAddress("olena@").ok());
}

}  // namespace
}  // namespace masthead::text
