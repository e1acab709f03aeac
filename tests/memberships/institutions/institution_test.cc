#include "services/memberships/institutions/institution.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;

bool Stands(Institution& institution) {
  FieldViolations violations;
  CheckInstitution("institution", institution, violations);
  return violations.empty();
}

TEST(Institution, KnowsItsPeopleInOneSpelling) {
  Institution institution = {.id = "uni", .display_name = "University", .tier_id = "gold"};
  institution.domains = {"Uni.Example.EDU",
                         "b\xC3\xBC"
                         "cher.example",
                         "uni.example.edu"};
  institution.networks = {"192.0.2.1/24", "192.0.2.0/24"};
  ASSERT_TRUE(Stands(institution));
  EXPECT_THAT(institution.domains, ElementsAre("uni.example.edu", "xn--bcher-kva.example"));
  EXPECT_THAT(institution.networks, ElementsAre("192.0.2.0/24"));
}

TEST(Institution, IsRefusedWhatIsNoDomain) {
  for (const char* none : {"", "edu", "@example.edu", "a@example.edu", "exa mple.edu", "-.edu"}) {
    Institution institution = {.id = "uni", .display_name = "University", .domains = {none}};
    EXPECT_FALSE(Stands(institution)) << none;
  }
  Institution crowded = {.id = "uni", .display_name = "University"};
  crowded.domains.assign(101, "example.edu");
  EXPECT_FALSE(Stands(crowded));
}

}  // namespace
}  // namespace masthead::memberships
