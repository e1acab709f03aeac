#include "services/memberships/members/member.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

bool LocaleStands(const std::string& locale) {
  FieldViolations violations;
  CheckLocale("locale", locale, violations);
  return violations.empty();
}

bool TimeZoneStands(const std::string& time_zone) {
  FieldViolations violations;
  CheckTimeZone("time_zone", time_zone, violations);
  return violations.empty();
}

bool LabelsStand(std::map<std::string, std::string> labels) {
  FieldViolations violations;
  CheckLabels("labels", labels, violations);
  return violations.empty();
}

TEST(Member, AddressesThatDifferOnlyInCaseAreOneMember) {
  FieldViolations violations;
  const EmailAddress first = CheckEmail("email", "Name@Google.com", violations);
  const EmailAddress second = CheckEmail("email", "name@google.com", violations);

  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(first.normal, second.normal);
  EXPECT_EQ(first.mailbox, "Name@google.com");
}

TEST(Member, DomainsAreComparedAsALabels) {
  FieldViolations violations;
  EXPECT_EQ(CheckEmail("email", "\xC3\xBCn\xC3\xAF@ex\xC3\xA4mple.com", violations).normal,
            "\xC3\xBCn\xC3\xAF@xn--exmple-cua.com");
  EXPECT_TRUE(violations.empty());
}

TEST(Member, PlusTagsAreAddressesOfTheirOwn) {
  FieldViolations violations;
  EXPECT_NE(CheckEmail("email", "a+b@example.org", violations).normal,
            CheckEmail("email", "a@example.org", violations).normal);
}

TEST(Member, WhatIsNoAddressIsRefused) {
  for (const char* email : {"", "nina", "@example.org", "nina@", "a b@example.org", "nina@exa mple.org"}) {
    FieldViolations violations;
    CheckEmail("email", email, violations);
    EXPECT_FALSE(violations.empty()) << email;
  }
}

TEST(Member, AMaskedAddressKeepsTheFirstCharacterAndTheDomain) {
  EXPECT_EQ(MaskEmail("nina@example.org"), "n***@example.org");
  EXPECT_EQ(MaskEmail("\xD1\x96rina@example.org"), "\xD1\x96***@example.org");
  EXPECT_EQ(MaskEmail(""), "***");
}

TEST(Member, LocalesAreWellFormedLanguageTags) {
  for (const char* locale : {"", "uk", "en-GB", "zh-Hant-TW", "de-CH-1996"})
    EXPECT_TRUE(LocaleStands(locale)) << locale;
  for (const char* locale : {"u", "en_GB", "en-", "-en", "english!", "en-GB-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_FALSE(LocaleStands(locale)) << locale;
  }
}

TEST(Member, TimeZonesAreNamesThatIanaKnows) {
  for (const char* zone : {"", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+3"}) {
    EXPECT_TRUE(TimeZoneStands(zone)) << zone;
  }
  for (const char* zone : {"Europe/Atlantis", "/etc/localtime", "../etc/passwd", "localtime", "posix/Europe/Kyiv",
                           "right/Europe/Kyiv", "Europe//Kyiv", "libc:UTC"}) {
    EXPECT_FALSE(TimeZoneStands(zone)) << zone;
  }
}

TEST(Member, LabelsAreFewAndPlain) {
  EXPECT_TRUE(LabelsStand({{"source", "book fair 2026"}, {"a_b-1", ""}}));
  EXPECT_FALSE(LabelsStand({{"Source", ""}}));
  EXPECT_FALSE(LabelsStand({{"", ""}}));
  EXPECT_FALSE(LabelsStand({{"1st", ""}}));
  EXPECT_FALSE(LabelsStand({{std::string(64, 'a'), ""}}));
  EXPECT_FALSE(LabelsStand({{"note", "two\nlines"}}));

  std::map<std::string, std::string> labels;
  for (int i = 0; i < kMaxMemberLabels; ++i) labels["label-" + std::to_string(i)] = "";
  EXPECT_TRUE(LabelsStand(labels));
  labels["one-more"] = "";
  EXPECT_FALSE(LabelsStand(labels));
}

}  // namespace
}  // namespace masthead::memberships
