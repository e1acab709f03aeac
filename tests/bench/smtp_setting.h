// What the benchmarks of mail share: Postfix's sink, a letter of 5 KB, and figures.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "services/notifications/mail/letter.h"

namespace masthead::notifications::mail {

constexpr int kNotMeasured = 77;

struct Figure {
  double letters_per_second = 0;
  double cpu_microseconds = 0;  // Of the sender alone, a letter.
};

// Of each part by itself.
Figure Median(std::vector<Figure> figures);

// CPU of this process so far.
double OwnCpuSeconds();

// Runs a program that sends so many letters, to its end; ends this one if that fails. What it prints goes nowhere.
Figure RunSender(const std::vector<std::string>& command, int letters);

// The folder of Postfix's tools; empty, with the reason on stderr, where they cannot be had.
std::string PostfixTools();

// Postfix's smtp-sink on a port of its own, as long as this lives.
class PostfixSink {
 public:
  explicit PostfixSink(const std::string& tools);
  ~PostfixSink();
  PostfixSink(const PostfixSink&) = delete;
  PostfixSink& operator=(const PostfixSink&) = delete;

  uint16_t port() const { return port_; }

 private:
  const uint16_t port_;
  pid_t pid_ = 0;
};

inline constexpr size_t kLetterBytes = 5 * 1024;
LetterContent FiveKilobytes();
std::string ComposeOne(const LetterTemplate& letter, int reader);

}  // namespace masthead::notifications::mail
