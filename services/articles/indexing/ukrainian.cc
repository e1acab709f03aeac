#include "services/articles/indexing/ukrainian.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"
#include "common/text/characters.h"

namespace masthead::articles {
namespace {

// Of nouns, adjectives and pronouns; then of verbs, present and imperative, whose stem ends in a consonant.
constexpr char kEndings[] =
    "а я у ю о е є і ї и й ь "
    "ом ем єм ам ям ами ями ах ях ові еві єві ою ею єю ів їв ьми ей "
    "ий ого його ому йому им їм ім ої єї їх их ими їми іми ій іх "
    "ія ію ією ії іям іями іях іє ієм "
    "имо ите ить иш ять ать уть ють ячи ачи учи ючи "
    "еш емо ем ете еть їш їмо їте їть "
    "іть імо йте ймо ьмо ьте";

// Verbs: what follows the vowel of the infinitive, and that of the present.
constexpr char kInfinitiveThemes[] = "а я і ї и ува юва ну";
constexpr char kInfinitiveEndings[] = "ти ть в ла ло ли вши тиму тимеш тиме тимемо тимем тимете тимуть тиметь";
constexpr char kPresentThemes[] = "а я і у ю о";
constexpr char kPresentEndings[] = "ю єш є ємо єм єте ють єть ючи й ймо йте";

// Words whose stems differ from form to form.
constexpr std::pair<const char*, const char*> kIrregular[] = {
    {"дн", "день дня дню дні днем днів дням днями днях"},
    {"люд", "людина людини людині людину людиною люди людей людям людьми людях"},
    {"дит", "дитина дитини дитині дитину дитиною діти дітей дітям дітьми дітях"},
    {"друг", "друзі друзів друзям друзями друзях"},
    {"війн", "воєн"},
    {"льв", "львів"},
    {"києв", "київ"},
};

constexpr char kStopWords[] =
    "а але або адже б би без був була були було бути буде будуть в вам вас ваш ви він вона вони воно все всі "
    "вже від до де для дуже є ж же з за зі й його йому із і ї їй їм їх інші коли ще що щоб щодо у та так такий "
    "також там те тим ті то того той тому ту тут ти тоді тобто лише мене мені ми мій на над нас наш не неї "
    "немає ним них ні ніж о однак під по при про саме свій себе собі собою після поки може цей це цього цьому "
    "цим ця ці цю чи через чого чому який яка яке які яких якого якому яку якщо як я між перед";

const absl::flat_hash_set<std::string>& StopWords() {
  static const absl::flat_hash_set<std::string> words = absl::StrSplit(kStopWords, ' ');
  return words;
}

std::u32string Decode(absl::string_view utf8) {
  std::u32string decoded;
  while (!utf8.empty()) decoded += text::TakeCodePoint(utf8);
  return decoded;
}

std::string Encode(const std::u32string& word) {
  std::string encoded;
  for (const char32_t c : word) text::AppendCodePoint(c, encoded);
  return encoded;
}

std::vector<std::u32string> Parts(absl::string_view list) {
  std::vector<std::u32string> parts;
  for (const absl::string_view part : absl::StrSplit(list, ' ', absl::SkipEmpty())) parts.push_back(Decode(part));
  return parts;
}

absl::flat_hash_set<std::u32string> MakeEndings() {
  absl::flat_hash_set<std::u32string> endings;
  for (const std::u32string& ending : Parts(kEndings)) endings.insert(ending);
  for (const auto& [themes, rest] :
       {std::pair(kInfinitiveThemes, kInfinitiveEndings), std::pair(kPresentThemes, kPresentEndings)}) {
    for (const std::u32string& theme : Parts(themes)) {
      for (const std::u32string& ending : Parts(rest)) endings.insert(theme + ending);
    }
  }
  return endings;
}

const absl::flat_hash_map<std::string, std::string>& Irregular() {
  static const auto* const forms = [] {
    auto* const map = new absl::flat_hash_map<std::string, std::string>();
    for (const auto& [stem, list] : kIrregular) {
      for (const absl::string_view form : absl::StrSplit(list, ' ')) map->emplace(form, stem);
    }
    return map;
  }();
  return *forms;
}

bool IsOneOf(char32_t c, std::u32string_view letters) { return letters.find(c) != std::u32string_view::npos; }
bool IsVowel(char32_t c) { return IsOneOf(c, U"аеиоуіїєюя"); }

bool EndsWith(const std::u32string& word, std::u32string_view ending) {
  return word.size() >= ending.size() && word.compare(word.size() - ending.size(), ending.size(), ending) == 0;
}

void StripReflexive(std::u32string& word) {
  if (word.size() > 5 && (EndsWith(word, U"ся") || EndsWith(word, U"сь"))) word.resize(word.size() - 2);
}

// The longest ending that leaves the first vowel, and three letters unless it is itself one letter.
void StripEnding(std::u32string& word) {
  static const auto* const endings = new absl::flat_hash_set<std::u32string>(MakeEndings());
  constexpr size_t kLongest = 9;
  const auto first_vowel = static_cast<size_t>(std::find_if(word.begin(), word.end(), IsVowel) - word.begin());
  const size_t least = std::max<size_t>(first_vowel + 1, 2);
  for (size_t length = std::min(kLongest, word.size()); length > 0; --length) {
    const size_t left = word.size() - length;
    if (left < (length == 1 ? least : std::max<size_t>(least, 3))) continue;
    if (!endings->contains(word.substr(left))) continue;
    word.resize(left);
    return;
  }
}

// What is left at the end of a stem in some forms only.
void StripRemains(std::u32string& word) {
  if (word.size() > 3 && word.back() == U'ь') word.pop_back();
  if (word.back() == U'ʼ') word.pop_back();
  if (EndsWith(word, U"нн")) word.pop_back();  // рішення, рішень
  if (word.size() > 3 && word.back() == U'л' && IsOneOf(word[word.size() - 2], U"бпвмф")) word.pop_back();  // люблю
  if (word.size() > 3 && EndsWith(word, U"дж")) word.pop_back();  // ходжу
  if (word.size() >= 5 && (EndsWith(word, U"ов") || EndsWith(word, U"ев") || EndsWith(word, U"єв"))) {
    word.resize(word.size() - 2);  // Харкова beside Харків, президентові beside президента.
  }
}

// українець, українця; будинок, будинку.
void StripFleetingVowel(std::u32string& word) {
  const size_t size = word.size();
  if (size < 4 || !IsOneOf(word[size - 1], U"кц") || !IsOneOf(word[size - 2], U"оеє") || IsVowel(word[size - 3]))
    return;
  word.erase(size - 2, 1);
}

// рука, руці; нога, нозі; муха, мусі; друг, дружній.
void UndoPalatalisation(std::u32string& word) {
  constexpr std::u32string_view kSoft = U"цзсчжш";
  constexpr std::u32string_view kHard = U"кгхкгх";
  const size_t found = kSoft.find(word.back());
  if (word.size() >= 3 && found != std::u32string_view::npos) word.back() = kHard[found];
}

}  // namespace

std::string StemUkrainian(absl::string_view folded) {
  const auto irregular = Irregular().find(folded);
  if (irregular != Irregular().end()) return irregular->second;
  std::u32string word = Decode(folded);
  const auto vowels = std::count_if(word.begin(), word.end(), IsVowel);
  if (vowels == 0) return std::string(folded);
  const size_t whole = word.size();
  StripReflexive(word);
  StripEnding(word);
  const bool closed_syllable = vowels == 1 && (word.size() == whole || folded.substr(folded.size() - 2) == "ь");
  StripRemains(word);
  StripFleetingVowel(word);
  // рік, року; кінь, коня.
  if (closed_syllable) std::replace(word.begin(), word.end(), U'і', U'о');
  UndoPalatalisation(word);
  return Encode(word);
}

bool IsUkrainianStopWord(absl::string_view folded) { return StopWords().contains(folded); }

}  // namespace masthead::articles
