#include "services/articles/article/slug.h"

#include <vector>

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

struct Case {
  const char* headline;
  const char* slug;
};

class Transliteration : public ::testing::TestWithParam<Case> {};

TEST_P(Transliteration, FollowsTheTableOf2010) { EXPECT_EQ(MakeSlug(GetParam().headline, "x"), GetParam().slug); }

// Every example that the Cabinet's resolution gives for a row of its table, and what other sluggers get wrong.
INSTANTIATE_TEST_SUITE_P(OfUkrainian, Transliteration,
                         ::testing::ValuesIn(std::vector<Case>{Case{"Алушта", "alushta"},
                                                               Case{"Андрій", "andrii"},
                                                               Case{"Борщагівка", "borshchahivka"},
                                                               Case{"Борисенко", "borysenko"},
                                                               Case{"Вінниця", "vinnytsia"},
                                                               Case{"Володимир", "volodymyr"},
                                                               Case{"Гадяч", "hadiach"},
                                                               Case{"Богдан", "bohdan"},
                                                               Case{"Згурський", "zghurskyi"},
                                                               Case{"Згорани", "zghorany"},
                                                               Case{"Розгон", "rozghon"},
                                                               Case{"Ґалаґан", "galagan"},
                                                               Case{"Ґорґани", "gorgany"},
                                                               Case{"Донецьк", "donetsk"},
                                                               Case{"Дмитро", "dmytro"},
                                                               Case{"Рівне", "rivne"},
                                                               Case{"Олег", "oleh"},
                                                               Case{"Есмань", "esman"},
                                                               Case{"Єнакієве", "yenakiieve"},
                                                               Case{"Гаєвич", "haievych"},
                                                               Case{"Короп'є", "koropie"},
                                                               Case{"Житомир", "zhytomyr"},
                                                               Case{"Жанна", "zhanna"},
                                                               Case{"Жежелів", "zhezheliv"},
                                                               Case{"Закарпаття", "zakarpattia"},
                                                               Case{"Казимирчук", "kazymyrchuk"},
                                                               Case{"Медвин", "medvyn"},
                                                               Case{"Михайленко", "mykhailenko"},
                                                               Case{"Іванків", "ivankiv"},
                                                               Case{"Іващенко", "ivashchenko"},
                                                               Case{"Їжакевич", "yizhakevych"},
                                                               Case{"Кадиївка", "kadyivka"},
                                                               Case{"Мар'їне", "marine"},
                                                               Case{"Йосипівка", "yosypivka"},
                                                               Case{"Стрий", "stryi"},
                                                               Case{"Олексій", "oleksii"},
                                                               Case{"Київ", "kyiv"},
                                                               Case{"Коваленко", "kovalenko"},
                                                               Case{"Лебедин", "lebedyn"},
                                                               Case{"Леонід", "leonid"},
                                                               Case{"Миколаїв", "mykolaiv"},
                                                               Case{"Маринич", "marynych"},
                                                               Case{"Ніжин", "nizhyn"},
                                                               Case{"Наталія", "nataliia"},
                                                               Case{"Одеса", "odesa"},
                                                               Case{"Онищенко", "onyshchenko"},
                                                               Case{"Полтава", "poltava"},
                                                               Case{"Петро", "petro"},
                                                               Case{"Решетилівка", "reshetylivka"},
                                                               Case{"Рибчинський", "rybchynskyi"},
                                                               Case{"Суми", "sumy"},
                                                               Case{"Соломія", "solomiia"},
                                                               Case{"Тернопіль", "ternopil"},
                                                               Case{"Троць", "trots"},
                                                               Case{"Ужгород", "uzhhorod"},
                                                               Case{"Уляна", "uliana"},
                                                               Case{"Фастів", "fastiv"},
                                                               Case{"Філіпчук", "filipchuk"},
                                                               Case{"Харків", "kharkiv"},
                                                               Case{"Христина", "khrystyna"},
                                                               Case{"Біла Церква", "bila-tserkva"},
                                                               Case{"Стеценко", "stetsenko"},
                                                               Case{"Чернівці", "chernivtsi"},
                                                               Case{"Шевченко", "shevchenko"},
                                                               Case{"Шостка", "shostka"},
                                                               Case{"Кишеньки", "kyshenky"},
                                                               Case{"Щербухи", "shcherbukhy"},
                                                               Case{"Гоща", "hoshcha"},
                                                               Case{"Гаращенко", "harashchenko"},
                                                               Case{"Юрій", "yurii"},
                                                               Case{"Корюківка", "koriukivka"},
                                                               Case{"Яготин", "yahotyn"},
                                                               Case{"Ярошенко", "yaroshenko"},
                                                               Case{"Костянтин", "kostiantyn"},
                                                               Case{"Знам’янка", "znamianka"},
                                                               Case{"Феодосія", "feodosiia"},
                                                               Case{"Європа", "yevropa"},
                                                               Case{"П’ять", "piat"},
                                                               Case{"Згурські йогурти", "zghurski-yohurty"}}));

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
