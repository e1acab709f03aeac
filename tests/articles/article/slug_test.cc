#include "services/articles/article/slug.h"

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

struct Case {
  const char* headline;
  const char* slug;
};

class Transliteration : public ::testing::TestWithParam<Case> {};

TEST_P(Transliteration, FollowsTheTableOf2010) { EXPECT_EQ(MakeSlug(GetParam().headline, "x"), GetParam().slug); }

// The examples of resolution 55, and what other sluggers get wrong (trap 17).
INSTANTIATE_TEST_SUITE_P(
    OfUkrainian, Transliteration,
    ::testing::Values(Case{"Алушта", "alushta"}, Case{"Борщагівка", "borshchahivka"}, Case{"Вінниця", "vinnytsia"},
                      Case{"Гадяч", "hadiach"}, Case{"Згорани", "zghorany"}, Case{"Ґалаґан", "galagan"},
                      Case{"Донецьк", "donetsk"}, Case{"Єнакієве", "yenakiieve"}, Case{"Гаєвич", "haievych"},
                      Case{"Короп'є", "koropie"}, Case{"Житомир", "zhytomyr"}, Case{"Закарпаття", "zakarpattia"},
                      Case{"Медвин", "medvyn"}, Case{"Їжакевич", "yizhakevych"}, Case{"Кадиївка", "kadyivka"},
                      Case{"Мар'їне", "marine"}, Case{"Йосипівка", "yosypivka"}, Case{"Стрий", "stryi"},
                      Case{"Ніжин", "nizhyn"}, Case{"Харків", "kharkiv"}, Case{"Біла Церква", "bila-tserkva"},
                      Case{"Щербухи", "shcherbukhy"}, Case{"Гоща", "hoshcha"}, Case{"Юрій", "yurii"},
                      Case{"Корюківка", "koriukivka"}, Case{"Яготин", "yahotyn"}, Case{"Костянтин", "kostiantyn"},
                      Case{"Знам’янка", "znamianka"}, Case{"Феодосія", "feodosiia"}, Case{"Згурський", "zghurskyi"},
                      Case{"Розгон", "rozghon"}, Case{"Київ", "kyiv"}, Case{"Європа", "yevropa"},
                      Case{"П’ять", "piat"}));

INSTANTIATE_TEST_SUITE_P(
    OfOthers, Transliteration,
    ::testing::Values(Case{"Russian military intensifies mobilization efforts in occupied Crimea",
                           "russian-military-intensifies-mobilization-efforts-in-occupied-crimea"},
                      Case{"Café Ångström: Łódź & Straße — it's 50% off", "cafe-angstrom-lodz-strasse-its-50-off"},
                      Case{"  'Quoted'  ", "quoted"}, Case{"за́мок", "zamok"}, Case{"日本", "x"}, Case{"", "x"}));

TEST(MakeSlug, CutsAtTheEndOfAWord) {
  std::string headline;
  for (int i = 0; i < 40; ++i) headline += "mobilisation ";

  const std::string slug = MakeSlug(headline, "x");

  EXPECT_TRUE(IsSlug(slug)) << slug;
  EXPECT_EQ(slug, "mobilisation-mobilisation-mobilisation-mobilisation-mobilisation-mobilisation");
  EXPECT_TRUE(IsSlug(WithSuffix(slug, 1000)));
}

TEST(IsSlug, RefusesWhatIsNoPartOfAPath) {
  for (const char* slug : {"", "-a", "a-", "a--b", "A", "a b", "a/b", "київ", "a.b"})
    EXPECT_FALSE(IsSlug(slug)) << slug;
  EXPECT_FALSE(IsSlug(std::string(97, 'a')));
  EXPECT_TRUE(IsSlug("a"));
  EXPECT_TRUE(IsSlug("2023-03-14-crimea"));
}

}  // namespace
}  // namespace masthead::articles
