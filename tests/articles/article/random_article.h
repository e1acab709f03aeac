// Articles as a newsroom might send them, every field and every kind of block among them.
#pragma once

#include <random>
#include <string>

#include "masthead/articles/v1/article.pb.h"

namespace masthead::articles {

class RandomArticle {
 public:
  explicit RandomArticle(uint32_t seed) : random_(seed) {}

  // Within all limits, in normal form, with every field set that may be written.
  v1::Article Make();

 private:
  int Number(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  bool Coin() { return Number(0, 1) == 1; }
  std::string Word();
  std::string Line() { return Word() + " " + Word(); }
  std::string Id() { return "id-" + std::to_string(Number(0, 1'000'000'000)); }
  std::string Uri() { return "https://example.org/" + Id(); }
  void Fill(v1::RichText& rich);
  void Fill(v1::Image& image);
  void Fill(v1::Access& access);
  void Fill(google::protobuf::Struct& fields, int depth);
  void FillText(v1::Block& block, int kind);
  void FillMedia(v1::Block& block, int kind);
  void Fill(v1::Block& block, bool gated);
  void FillAbout(v1::Article& article);

  std::mt19937 random_;
};

}  // namespace masthead::articles
