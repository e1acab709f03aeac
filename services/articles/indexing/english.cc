#include "services/articles/indexing/english.h"

#include <cstdlib>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_split.h"
#include "libstemmer.h"

namespace masthead::articles {
namespace {

constexpr char kStopWords[] =
    "a about after all also am an and any are as at be because been before being between both but by can could did "
    "do does doing don't down during each few for from further had has have having he he's her here hers him his how i "
    "i'm if in into is isn't it it's its itself just me more most my no nor not now of off on once only or other our "
    "out over own same she should so some such than that that's the their them then there these they this those "
    "through to too under until up very was we were what when where which while who whom why will with would you your";

struct DeleteStemmer {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

std::string StemEnglish(absl::string_view folded) {
  // A stemmer keeps the word it works on: one for each thread.
  thread_local const std::unique_ptr<sb_stemmer, DeleteStemmer> stemmer(sb_stemmer_new("english", "UTF_8"));
  if (stemmer == nullptr) std::abort();  // The library was built without English.
  const auto* const word = reinterpret_cast<const sb_symbol*>(folded.data());
  const sb_symbol* const stem = sb_stemmer_stem(stemmer.get(), word, static_cast<int>(folded.size()));
  if (stem == nullptr) return std::string(folded);
  return std::string(reinterpret_cast<const char*>(stem), static_cast<size_t>(sb_stemmer_length(stemmer.get())));
}

bool IsEnglishStopWord(absl::string_view folded) {
  static const absl::flat_hash_set<std::string> words = absl::StrSplit(kStopWords, ' ');
  return words.contains(folded);
}

}  // namespace masthead::articles
